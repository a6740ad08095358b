package io.fettle.activities.staging;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Folders to the store and back. Safe for several threads and processes on one cache. */
public final class Staging {
  private Staging() {}

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
    List<TreeManifest.Entry> entries = new ArrayList<>();
    for (Path file : files(folder)) {
      long bytes = Files.size(file);
      Reference blob = store.putBlob(keyPrefix, file);
      if (Files.size(file) != bytes) {
        throw new IOException(file + " grew while it was uploaded; publish it once it is finished");
      }
      entries.add(new TreeManifest.Entry(relative(folder, file), bytes, blob.sha256()));
    }
    return store.putBlob(keyPrefix, new TreeManifest(entries).encoded());
  }

  /** The files of a tree, without fetching them. */
  public static TreeManifest manifest(ObjectStore store, Reference manifest) throws IOException {
    return TreeManifest.decoded(store.read(manifest));
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
    TreeManifest tree = manifest(store, manifest);
    return new Stager(store, manifest, new BlobCache(store, cache)).stage(tree, target, access);
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
