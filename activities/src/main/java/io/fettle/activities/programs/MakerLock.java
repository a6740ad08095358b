package io.fettle.activities.programs;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.UUID;

/**
 * One maker of a folder at a time, in whatever language: {@code FOLDER.lock} holds the maker's pid,
 * so that a killed one's is seen to be stale. {@code programs/environments.sh} keeps the same rule.
 */
final class MakerLock implements AutoCloseable {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final Path file;
  private final String content;

  private MakerLock(Path file, String content) {
    this.file = file;
    this.content = content;
  }

  /** Called while another process is the maker. */
  interface Waiting {
    void look() throws IOException;
  }

  static MakerLock take(Path file, Waiting waiting) throws IOException, InterruptedException {
    String content = ProcessHandle.current().pid() + "\n";
    Path mine = Files.writeString(beside(file), content);
    try {
      while (true) {
        try {
          Files.createLink(file, mine); // appears with its content
          return new MakerLock(file, content);
        } catch (FileAlreadyExistsException e) {
          waiting.look();
          removeStale(file);
          Thread.sleep(LOOK);
        }
      }
    } finally {
      Files.delete(mine);
    }
  }

  private static void removeStale(Path file) throws IOException {
    Path taken = beside(file);
    try {
      if (isAlive(Files.readString(file))) {
        return;
      }
      Files.move(file, taken, ATOMIC_MOVE);
      if (isAlive(Files.readString(taken))) { // a new maker came between the two looks
        Files.createLink(file, taken);
      }
      Files.delete(taken);
    } catch (NoSuchFileException | FileAlreadyExistsException e) {
      Files.deleteIfExists(taken); // its maker has just finished, or yet another one came
    }
  }

  private static boolean isAlive(String content) {
    try {
      return ProcessHandle.of(Long.parseLong(content.strip())).isPresent();
    } catch (NumberFormatException e) {
      return false;
    }
  }

  private static Path beside(Path file) {
    return file.resolveSibling(file.getFileName() + "." + UUID.randomUUID());
  }

  /** Fails if somebody took the lock away. */
  void confirm() throws IOException {
    if (!isOurs()) {
      throw new IOException(file + " was taken away while the folder was made; try again");
    }
  }

  @Override
  public void close() throws IOException {
    if (isOurs()) {
      Files.deleteIfExists(file);
    }
  }

  private boolean isOurs() throws IOException {
    return Files.exists(file) && Files.readString(file).equals(content);
  }
}
