package io.fettle.activities.staging;

import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.UUID;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongConsumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Builds one folder from the cache, beside its place, and moves it there when it is whole. */
final class Stager {
  private static final Logger log = LoggerFactory.getLogger(Stager.class);

  /** Of one file, which an eviction takes out again. */
  private static final int ATTEMPTS = 100;

  private final ObjectStore store;
  private final Reference manifest;
  private final BlobCache cache;
  private final LongConsumer progress;
  private final LongAdder fetched = new LongAdder();
  private final LongAdder reused = new LongAdder();

  /**
   * @param progress hears bytes as they come
   */
  Stager(ObjectStore store, Reference manifest, BlobCache cache, LongConsumer progress) {
    this.store = store;
    this.manifest = manifest;
    this.cache = cache;
    this.progress = progress;
  }

  Tree stage(TreeManifest tree, Path target, Staging.Access access) throws IOException {
    Path place = target.toAbsolutePath().normalize();
    if (Files.isDirectory(place) && isWhole(tree, place)) {
      return new Tree(place, manifest, tree, 0, tree.bytes());
    }
    Path beside = place.resolveSibling("." + place.getFileName() + "-" + UUID.randomUUID());
    Files.createDirectories(beside);
    try {
      cache.makeRoom(tree, access);
      AtOnce.each(tree.files(), entry -> add(entry, beside, access));
      replace(beside, place, tree);
    } finally {
      Folders.delete(beside);
    }
    return new Tree(place, manifest, tree, fetched.sum(), reused.sum());
  }

  private void add(TreeManifest.Entry entry, Path folder, Staging.Access access)
      throws IOException {
    Path file = folder.resolve(entry.path());
    if (!Files.isDirectory(file.resolveSibling("."))) {
      Files.createDirectories(file.resolveSibling("."));
    }
    for (int attempt = 1; ; attempt++) {
      try {
        BlobCache.Blob blob = cache.blob(Staging.blob(store, manifest, entry), entry, progress);
        place(blob.file(), file, access);
        (blob.fetched() ? fetched : reused).add(entry.bytes());
        return;
      } catch (NoSuchFileException evicted) { // while it was fetched, or before it was linked
        if (attempt == ATTEMPTS) {
          throw evicted;
        }
      }
    }
  }

  private static void place(Path blob, Path file, Staging.Access access) throws IOException {
    if (access == Staging.Access.WRITE || !linked(file, blob)) {
      Files.copy(blob, file);
      Files.setPosixFilePermissions(
          file, PosixFilePermissions.fromString("rw-r--r--")); // the cache's are read-only
    }
  }

  private static boolean linked(Path file, Path blob) throws IOException {
    try {
      Files.createLink(file, blob);
      return true;
    } catch (FileSystemException | UnsupportedOperationException e) {
      return false; // another file system, or one without links
    }
  }

  /** Whether a folder that is there already holds the tree and nothing else. */
  private boolean isWhole(TreeManifest tree, Path place) throws IOException {
    for (TreeManifest.Entry entry : tree.files()) {
      Path file = place.resolve(entry.path());
      if (!Files.isRegularFile(file) || !(cache.isLink(file, entry) || isCopy(file, entry))) {
        return false;
      }
    }
    try (Stream<Path> all = Files.walk(place)) {
      return all.filter(file -> !Files.isDirectory(file)).count() == tree.files().size();
    }
  }

  private static boolean isCopy(Path file, TreeManifest.Entry entry) throws IOException {
    return Files.size(file) == entry.bytes() && Stores.sha256(file).equals(entry.sha256());
  }

  /** Another stager may put the same tree there first; then its folder stays. */
  private void replace(Path beside, Path place, TreeManifest tree) throws IOException {
    if (Files.exists(place) && !(Files.isDirectory(place) && isWhole(tree, place))) {
      Path old = place.resolveSibling("." + place.getFileName() + "-old-" + UUID.randomUUID());
      try {
        Files.move(place, old, ATOMIC_MOVE);
        Folders.delete(old);
      } catch (NoSuchFileException e) { // another stager has just taken it away
        log.debug("{} went meanwhile", place, e);
      }
    }
    try {
      Files.move(beside, place, ATOMIC_MOVE);
    } catch (FileSystemException e) {
      if (!Files.isDirectory(place) || !isWhole(tree, place)) {
        throw e;
      }
    }
  }
}
