package io.fettle.activities.data;

import io.fettle.activities.parallel.AtOnce;
import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.ObjectStore.NoAccess;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.data.read.RowFolder;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Files of rows on this machine: those that lie in buckets are here until this is closed. What a
 * killed process has fetched of one, the next goes on with.
 */
final class RowFiles implements RowList.Here {
  private static final int ATTEMPTS = 10;

  private final Map<String, Path> here = new ConcurrentHashMap<>();

  private RowFiles() {}

  /**
   * Fetches what lies in buckets.
   *
   * @param places paths of this machine and addresses
   * @param work a folder for what is fetched
   * @throws NoSuchFileException with the address, if nothing is there
   * @throws RowFolder.Refused if it may not be read
   */
  static RowFiles fetched(Collection<String> places, Access access, Path work) throws IOException {
    var rows = new RowFiles();
    Path folder = work.resolve("remote-rows");
    try {
      for (var bucket : byBucket(places).entrySet()) {
        try (var store = Stores.open(bucket.getKey(), access)) {
          AtOnce.each(
              bucket.getValue(), place -> rows.here.put(place, readable(place, store, folder)));
        }
      }
      return rows;
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private static Map<URI, List<String>> byBucket(Collection<String> places) throws IOException {
    Map<URI, List<String>> byBucket = new LinkedHashMap<>();
    for (var place : new LinkedHashSet<>(places)) {
      if (RemoteFile.isRemote(place)) {
        var bucket = RemoteFile.of(place).bucket();
        byBucket.computeIfAbsent(bucket, _ -> new ArrayList<>()).add(place);
      }
    }
    return byBucket;
  }

  private static Path readable(String address, ObjectStore store, Path folder) throws IOException {
    try {
      return own(RemoteFile.of(address), store, folder);
    } catch (NoAccess e) {
      throw new RowFolder.Refused(
          "the data file %s cannot be read: %s".formatted(address, e.getMessage()));
    }
  }

  /** A name of ours for what another step may fetch, and let go of, at the same time. */
  private static Path own(RemoteFile file, ObjectStore store, Path folder) throws IOException {
    var name = Stores.sha256(file.toString().getBytes(StandardCharsets.UTF_8));
    var shared = folder.resolve(name);
    var own = folder.resolve(name + "-" + UUID.randomUUID());
    for (int attempt = 1; ; attempt++) {
      file.fetch(store, shared);
      try {
        Files.createLink(own, shared);
        Files.deleteIfExists(shared);
        return own;
      } catch (NoSuchFileException taken) {
        if (attempt == ATTEMPTS) {
          throw new IOException(shared + " is taken away again and again", taken);
        }
      }
    }
  }

  @Override
  public Path path(String place) {
    return Objects.requireNonNullElseGet(here.get(place), () -> Path.of(place));
  }

  @Override
  public void close() throws IOException {
    for (var file : here.values()) {
      Files.deleteIfExists(file);
    }
  }
}
