package io.fettle.activities.evaluation.retrieval;

import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.Comparator;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * Indexes of one machine, by the hash of what is in them; any number of processes may ask at once.
 */
final class IndexFolder {
  /** Longer than anything is searched on end. */
  private static final Duration KEPT = Duration.ofDays(30);

  private final Path folder;

  IndexFolder(Path folder) {
    this.folder = folder;
  }

  /** Writes an index into a folder that is not there yet. */
  @FunctionalInterface
  interface Build {
    void into(Path folder) throws IOException, InterruptedException;
  }

  /** The index of that name: found, or built aside and moved into place. */
  Path index(String name, Build build) throws IOException, InterruptedException {
    Path index = folder.resolve(name);
    if (!Files.isDirectory(index)) {
      Files.createDirectories(folder);
      deleteUnused();
      Path aside = folder.resolve(name + "." + UUID.randomUUID());
      build.into(aside);
      settle(aside, index);
    }
    Files.setLastModifiedTime(index, FileTime.from(Instant.now()));
    return index;
  }

  private static void settle(Path aside, Path index) throws IOException {
    try {
      Files.move(aside, index, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(index)) {
        throw e;
      }
      delete(aside); // another process was faster with the same
    }
  }

  private void deleteUnused() throws IOException {
    FileTime old = FileTime.from(Instant.now().minus(KEPT));
    try (Stream<Path> indexes = Files.list(folder)) {
      for (Path index : indexes.toList()) {
        if (lastUsed(index).compareTo(old) < 0) {
          delete(index);
        }
      }
    }
  }

  private static FileTime lastUsed(Path index) throws IOException {
    try {
      return Files.getLastModifiedTime(index);
    } catch (NoSuchFileException moved) {
      return FileTime.from(Instant.MAX);
    }
  }

  private static void delete(Path folder) throws IOException {
    List<Path> files;
    try (Stream<Path> all = Files.walk(folder)) {
      files = all.sorted(Comparator.reverseOrder()).toList();
    }
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
