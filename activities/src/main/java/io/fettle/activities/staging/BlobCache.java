package io.fettle.activities.staging;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A host's blobs by their hash, {@code sha256/{aa}/{sha256}}. A blob is hashed when it is fetched
 * and when this process first uses it; after that its size, time and inode must stand still. A
 * damaged one is fetched again.
 */
final class BlobCache {
  private static final Logger log = LoggerFactory.getLogger(BlobCache.class);

  /** Blobs of all caches that this process has hashed. */
  private static final Map<Path, Stamp> VERIFIED = new ConcurrentHashMap<>();

  private static final Set<PosixFilePermission> READ_ONLY =
      PosixFilePermissions.fromString("r--r--r--");

  private final ObjectStore store;
  private final Path folder;

  private record Stamp(long bytes, FileTime modified, @Nullable Object inode) {
    static Stamp of(Path file) throws IOException {
      var is = Files.readAttributes(file, BasicFileAttributes.class);
      return new Stamp(is.size(), is.lastModifiedTime(), is.fileKey());
    }
  }

  /** A blob on this host. */
  record Blob(Path file, boolean fetched) {}

  BlobCache(ObjectStore store, Path folder) {
    this.store = store;
    this.folder = folder.toAbsolutePath().normalize();
  }

  Blob blob(Reference reference, long bytes) throws IOException {
    Path file = file(reference.sha256());
    if (isSound(file, reference.sha256(), bytes)) {
      return new Blob(file, false);
    }
    store.download(
        reference, file); // whoever fetches the same blob meanwhile replaces it by its equal
    if (Files.size(file) != bytes) {
      throw new IOException(
          reference.uri() + " has " + Files.size(file) + " bytes where its manifest says " + bytes);
    }
    Files.setPosixFilePermissions(file, READ_ONLY);
    VERIFIED.put(file, Stamp.of(file));
    return new Blob(file, true);
  }

  /** Whether a file is a link to a sound blob of this cache. */
  boolean isLink(Path file, TreeManifest.Entry entry) throws IOException {
    Path blob = file(entry.sha256());
    return Files.exists(blob)
        && Files.isSameFile(file, blob)
        && isSound(blob, entry.sha256(), entry.bytes());
  }

  private Path file(String sha256) {
    return folder.resolve("sha256").resolve(sha256.substring(0, 2)).resolve(sha256);
  }

  private static boolean isSound(Path file, String sha256, long bytes) throws IOException {
    try {
      Stamp stamp = Stamp.of(file);
      if (stamp.equals(VERIFIED.get(file))) {
        return true;
      }
      if (stamp.bytes() == bytes && Stores.sha256(file).equals(sha256)) {
        VERIFIED.put(file, stamp);
        return true;
      }
      log.warn("cached blob {} is damaged; fetching it again", file);
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
