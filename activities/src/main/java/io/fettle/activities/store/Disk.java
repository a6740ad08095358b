package io.fettle.activities.store;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Locale;
import java.util.Objects;

/** Folders that survive a power cut, and file system errors as sentences. */
final class Disk {
  private Disk() {}

  @FunctionalInterface
  interface Operation<T> {
    T run() throws IOException;
  }

  static Path folderOf(Path file) {
    Path absolute = file.toAbsolutePath();
    return Objects.requireNonNull(absolute.getParent(), absolute + " lies in no folder");
  }

  /** Makes a folder and its missing parents, each entry flushed before it is built upon. */
  static void makeFolder(Path folder) throws IOException {
    if (Files.isDirectory(folder)) {
      return;
    }
    Path parent = folder.getParent();
    if (parent != null) {
      makeFolder(parent);
    }
    try {
      Files.createDirectory(folder);
    } catch (FileAlreadyExistsException e) {
      if (!Files.isDirectory(folder)) {
        throw e;
      }
    }
    if (parent != null) {
      force(parent);
    }
  }

  /** Flushes a folder's entries: a new name is durable only after this. */
  static void force(Path folder) throws IOException {
    try (FileChannel channel = FileChannel.open(folder, StandardOpenOption.READ)) {
      channel.force(true);
    }
  }

  static <T> T explained(Path root, String action, Operation<T> operation) throws IOException {
    try {
      return operation.run();
    } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject e) {
      throw e;
    } catch (IOException e) {
      throw new IOException(sentence(root, action, e), e);
    }
  }

  private static String sentence(Path root, String action, IOException e) {
    String cause = String.valueOf(e.getMessage());
    String subject = "store " + root + ": cannot " + action + ": ";
    if (cause.contains("No space left on device") || cause.contains("Disk quota exceeded")) {
      return subject
          + "the disk is full ("
          + free(root)
          + " free); free some space or move the store, then repeat";
    }
    if (e instanceof AccessDeniedException || cause.contains("Read-only file system")) {
      return subject
          + "no permission to write in "
          + root
          + "; give this user write access, or choose another folder";
    }
    return subject + cause;
  }

  private static String free(Path root) {
    try {
      return String.format(Locale.ROOT, "%.1f MB", Files.getFileStore(root).getUsableSpace() / 1e6);
    } catch (IOException e) {
      return "nothing";
    }
  }
}
