package io.fettle.activities.staging;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.function.LongConsumer;
import java.util.function.Predicate;
import java.util.stream.Stream;

/** Folders to the store and back. Safe for several threads and processes on one cache. */
public final class Staging {
  private Staging() {}

  /**
   * What a host's cache may keep.
   *
   * @param bytes of all blobs together
   * @param age since its last use
   */
  public record Limits(long bytes, Duration age) {}

  /** What was taken out of a cache. */
  public record Evicted(int count, long bytes) {}

  /**
   * Takes out of a host's cache what is beyond the limits, the longest unused first. What a staged
   * folder links to stays. May run while others stage: they fetch again what they miss.
   */
  public static Evicted evict(Path cache, Limits limits) throws IOException {
    return new Eviction(cache).keep(limits, Instant.now());
  }

  /** What the consumer of a staged folder does with its files. */
  public enum Access {
    /** The files are links into the cache and must not be written. */
    READ,
    /** The files are copies. */
    WRITE
  }

  /**
   * Uploads every regular file below a folder (links are followed) and then the manifest. Repeating
   * uploads nothing that is there.
   *
   * @param keyPrefix the blobs lie below {@code {keyPrefix}/sha256/}: {@code objects} for shared
   *     ones, {@code runs/{run}/objects} for a run's own
   * @return the manifest
   */
  public static Reference uploadTree(ObjectStore store, Path folder, String keyPrefix)
      throws IOException {
    Queue<TreeManifest.Entry> entries = new ConcurrentLinkedQueue<>();
    AtOnce.each(files(folder), file -> entries.add(uploaded(store, folder, file, keyPrefix)));
    return store.putBlob(keyPrefix, new TreeManifest(List.copyOf(entries)).encoded());
  }

  private static TreeManifest.Entry uploaded(
      ObjectStore store, Path folder, Path file, String keyPrefix) throws IOException {
    long bytes = Files.size(file);
    var modified = Files.getLastModifiedTime(file);
    Reference blob = store.putBlob(keyPrefix, file);
    List<String> sums = ObjectStore.Expected.of(file).crc32c();
    if (Files.size(file) != bytes || !Files.getLastModifiedTime(file).equals(modified)) {
      throw new IOException(
          file + " changed while it was uploaded; publish it once it is finished");
    }
    return new TreeManifest.Entry(relative(folder, file), bytes, blob.sha256(), sums);
  }

  /** The files of a tree, without fetching them. */
  public static TreeManifest manifest(ObjectStore store, Reference manifest) throws IOException {
    return TreeManifest.decoded(store.read(manifest));
  }

  /** The blob of one file of a tree: blobs lie beside their manifest, under the same prefix. */
  public static Reference blob(ObjectStore store, Reference manifest, TreeManifest.Entry entry) {
    String key = store.key(manifest.uri());
    String prefix = key.substring(0, key.indexOf("sha256/"));
    String sha256 = entry.sha256();
    return new Reference(
        store.uri(prefix + "sha256/" + sha256.substring(0, 2) + "/" + sha256), sha256);
  }

  /**
   * As {@link #stageTree(ObjectStore, Reference, Path, Path, Access, LongConsumer)}, for readers of
   * some of its files.
   *
   * @param files by their paths
   */
  public static Tree stagePart(
      ObjectStore store,
      Reference manifest,
      Predicate<String> files,
      Path cache,
      Path target,
      LongConsumer progress)
      throws IOException {
    var part =
        new TreeManifest(
            manifest(store, manifest).files().stream()
                .filter(entry -> files.test(entry.path()))
                .toList());
    return new Stager(store, manifest, new BlobCache(store, cache), progress)
        .stage(part, target, Access.READ);
  }

  /** As {@link #stageTree(ObjectStore, Reference, Path, Path, Access)}, for readers. */
  public static Tree stageTree(ObjectStore store, Reference manifest, Path cache, Path target)
      throws IOException {
    return stageTree(store, manifest, cache, target, Access.READ);
  }

  /**
   * Makes {@code target} hold exactly the tree's files, each verified against its hash. What the
   * host's cache has is reused. A target that is there already is kept if it is whole, else
   * replaced.
   *
   * @param cache the host's cache; on the same file system as the target, reading costs no copy
   * @throws ObjectStore.MissingObject if a file of the tree is gone from the store
   * @throws ObjectStore.CorruptObject if a file of the tree is damaged in the store
   */
  public static Tree stageTree(
      ObjectStore store, Reference manifest, Path cache, Path target, Access access)
      throws IOException {
    return stageTree(store, manifest, cache, target, access, _ -> {});
  }

  /**
   * The same.
   *
   * @param progress hears bytes as they come, from several threads; more than the tree's where some
   *     had to be fetched again
   */
  public static Tree stageTree(
      ObjectStore store,
      Reference manifest,
      Path cache,
      Path target,
      Access access,
      LongConsumer progress)
      throws IOException {
    TreeManifest tree = manifest(store, manifest);
    return new Stager(store, manifest, new BlobCache(store, cache), progress)
        .stage(tree, target, access);
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder, FileVisitOption.FOLLOW_LINKS)) {
      List<Path> files = all.filter(path -> !Files.isDirectory(path)).sorted().toList();
      for (Path file : files) {
        if (!Files.isRegularFile(file)) {
          throw new IOException(
              file + " cannot be uploaded: it is no file; remove it, or what it links to is gone");
        }
      }
      return files;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }

  private static String relative(Path folder, Path file) throws IOException {
    String path = folder.relativize(file).toString();
    if (!TreeManifest.isInside(path)) {
      throw new IOException(file + " cannot be uploaded: its name has over 1,024 characters");
    }
    return path;
  }
}
