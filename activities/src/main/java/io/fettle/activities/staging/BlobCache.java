package io.fettle.activities.staging;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributeView;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongConsumer;
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

  /**
   * @param arrived hears bytes as they come; a blob that is here at once
   */
  Blob blob(Reference reference, TreeManifest.Entry entry, LongConsumer arrived)
      throws IOException {
    Path file = file(reference.sha256());
    long bytes = entry.bytes();
    if (isSound(file, reference.sha256(), bytes)) {
      arrived.accept(bytes);
      return new Blob(file, false);
    }
    // Whoever fetches the same blob meanwhile replaces it by its equal.
    store.download(reference, entry.expected(), file, arrived);
    if (Files.size(file) != bytes) {
      throw new IOException(
          reference.uri() + " has " + Files.size(file) + " bytes where its manifest says " + bytes);
    }
    Files.setPosixFilePermissions(file, READ_ONLY);
    VERIFIED.put(file, Stamp.of(file));
    return new Blob(file, true);
  }

  /**
   * Makes room for what is not there yet, before any of it is fetched.
   *
   * @throws IOException if there is none to be made
   */
  void makeRoom(TreeManifest tree, Staging.Access access) throws IOException {
    long missing = 0;
    var hashes = new HashSet<String>();
    for (var entry : tree.files()) {
      boolean isKnown = !hashes.add(entry.sha256()) || Files.exists(file(entry.sha256()));
      missing += isKnown ? 0 : entry.bytes();
    }
    long wanted = missing + (access == Staging.Access.WRITE ? tree.bytes() : 0);
    var eviction = new Eviction(folder);
    eviction.free(wanted, hashes);
    long free = eviction.usable();
    if (free < wanted) {
      throw new IOException(
          "%s has %,d bytes free, and %,d more are needed to stage %,d files; free some space, or give the host a larger disk"
              .formatted(folder, free, wanted - free, tree.files().size()));
    }
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

  /** Most file systems note a use once a day at best. */
  private static void use(Path file) throws IOException {
    Files.getFileAttributeView(file, BasicFileAttributeView.class)
        .setTimes(null, FileTime.from(Instant.now()), null);
  }

  private static boolean isSound(Path file, String sha256, long bytes) throws IOException {
    if (!Files.exists(file)) { // as a rule, where many are fetched: cheaper than an exception each
      return false;
    }
    try {
      Stamp stamp = Stamp.of(file);
      if (stamp.equals(VERIFIED.get(file))) {
        use(file);
        return true;
      }
      if (stamp.bytes() == bytes && Stores.sha256(file).equals(sha256)) {
        VERIFIED.put(file, stamp);
        use(file);
        return true;
      }
      log.warn("cached blob {} is damaged; fetching it again", file);
      return false;
    } catch (NoSuchFileException e) {
      return false;
    }
  }
}
