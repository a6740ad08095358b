package io.fettle.cli.data;

import io.fettle.activities.disks.Folders;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/**
 * Where one preparation keeps what is in between, in the folder that it writes. What a killed one
 * left there goes.
 */
final class WorkFolder implements AutoCloseable {
  private static final String NAME = ".preparing";

  private final Path path;
  private final FileChannel lock;

  private WorkFolder(Path path, FileChannel lock) {
    this.path = path;
    this.lock = lock;
  }

  /**
   * Takes the folder for this process alone.
   *
   * @throws CommandFailure where another one prepares into it
   */
  static WorkFolder in(Path folder) throws IOException {
    Path path = Files.createDirectories(folder.resolve(NAME));
    var lock =
        FileChannel.open(
            folder.resolve(NAME + ".lock"), StandardOpenOption.CREATE, StandardOpenOption.WRITE);
    if (!isTaken(lock)) {
      lock.close();
      throw new CommandFailure(
          ExitCode.INVALID,
          "another `fettle data prepare` writes to %s; wait for it, or name another folder"
              .formatted(folder));
    }
    Folders.delete(path);
    return new WorkFolder(Files.createDirectories(path), lock);
  }

  private static boolean isTaken(FileChannel lock) throws IOException {
    try {
      return lock.tryLock() != null;
    } catch (OverlappingFileLockException _) {
      return false;
    }
  }

  Path path() {
    return path;
  }

  @Override
  public void close() throws IOException {
    try (lock) {
      Folders.delete(path);
      Files.deleteIfExists(path.resolveSibling(NAME + ".lock"));
    }
  }
}
