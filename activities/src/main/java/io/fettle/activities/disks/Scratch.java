package io.fettle.activities.disks;

import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A folder that is gone when its work has ended; where the process was killed, when the next work
 * of its kind begins beside it.
 */
public final class Scratch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Scratch.class);
  private static final String LOCK = ".lock";

  /** A lock is a process's, and closing any channel to its file gives it up. */
  private static final Set<Path> OURS = ConcurrentHashMap.newKeySet();

  private final Path folder;
  private final FileChannel lock;

  private Scratch(Path folder, FileChannel lock) {
    this.folder = folder;
    this.lock = lock;
  }

  /**
   * A new folder.
   *
   * @param parent made if it is missing
   * @param kind what its name begins with; folders of that kind whose process is gone are deleted
   */
  public static Scratch in(Path parent, String kind) throws IOException {
    Path all = Files.createDirectories(parent).toRealPath();
    sweep(all, kind);
    Path folder = Files.createTempDirectory(all, kind + "-");
    OURS.add(folder);
    return new Scratch(folder, locked(folder));
  }

  /** Nobody sees the file before it is locked. */
  private static FileChannel locked(Path folder) throws IOException {
    Path draft = folder.resolve(LOCK + ".new");
    var lock = FileChannel.open(draft, StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE);
    lock.lock();
    Files.move(draft, folder.resolve(LOCK), StandardCopyOption.ATOMIC_MOVE);
    return lock;
  }

  /** Where the work may leave what it likes. */
  public Path folder() {
    return folder;
  }

  private static synchronized void sweep(Path all, String kind) throws IOException {
    try (var folders = Files.newDirectoryStream(all, kind + "-*")) {
      for (Path folder : folders) {
        if (!OURS.contains(folder)) {
          deleteIfLeftBehind(folder);
        }
      }
    }
  }

  /** A folder without a lock is a stranger's, or one that is just being made. */
  private static void deleteIfLeftBehind(Path folder) {
    try (var lock = FileChannel.open(folder.resolve(LOCK), StandardOpenOption.WRITE)) {
      if (lock.tryLock() != null) {
        delete(folder);
      }
    } catch (NoSuchFileException _) {
      // not ours to delete
    } catch (IOException e) { // a program that outlived its parent may still write there
      log.info("{} stays until the next step of its kind: {}", folder, e.toString());
    }
  }

  /** The lock last, so that what cannot be deleted now is known the next time. */
  private static void delete(Path folder) throws IOException {
    try (var all = Files.newDirectoryStream(folder, file -> !file.endsWith(LOCK))) {
      for (Path file : all) {
        Folders.delete(file);
      }
    }
    Folders.delete(folder);
  }

  @Override
  public void close() throws IOException {
    try {
      Folders.delete(folder);
    } finally {
      lock.close();
      OURS.remove(folder);
    }
  }
}
