package io.fettle.activities.data;

import io.fettle.activities.remote.RemoteFile;
import io.fettle.activities.store.ObjectStore.NoAccess;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.workflows.spec.DataSpec;
import io.fettle.workflows.wire.FailureType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.UUID;
import java.util.stream.Stream;

/**
 * The data files of a spec that lie in buckets, as files here until this is closed. What a killed
 * process has fetched of one, the next goes on with.
 */
final class RemoteRows implements AutoCloseable {
  private static final int ATTEMPTS = 10;

  private final Map<String, Path> here = new HashMap<>();

  private RemoteRows() {}

  static RemoteRows fetched(DataSpec data, Access access, Path work) throws IOException {
    var rows = new RemoteRows();
    try {
      for (var address : addresses(data)) {
        rows.here.put(address, readable(address, access, work.resolve("remote-rows")));
      }
      return rows;
    } catch (IOException | RuntimeException e) {
      rows.close();
      throw e;
    }
  }

  private static Path readable(String address, Access access, Path folder) throws IOException {
    try {
      return own(RemoteFile.of(address), access, folder);
    } catch (NoAccess e) {
      throw FailureType.BAD_DATA.failure(
          "the data file %s cannot be read: %s".formatted(address, e.getMessage()));
    }
  }

  /** A name of ours for what another step may fetch, and let go of, at the same time. */
  private static Path own(RemoteFile file, Access access, Path folder) throws IOException {
    var name = Stores.sha256(file.toString().getBytes(StandardCharsets.UTF_8));
    var shared = folder.resolve(name);
    var own = folder.resolve(name + "-" + UUID.randomUUID());
    for (int attempt = 1; ; attempt++) {
      file.fetch(access, shared);
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

  private static List<String> addresses(DataSpec data) {
    return Stream.of(
            data.train().stream(),
            Stream.ofNullable(data.test()),
            data.benchmarks().stream().map(DataSpec.Benchmark::file))
        .flatMap(files -> files)
        .filter(RemoteFile::isRemote)
        .distinct()
        .toList();
  }

  /** Where a file of the spec is on this machine. */
  Path place(String file) {
    return Objects.requireNonNullElseGet(here.get(file), () -> Path.of(file));
  }

  @Override
  public void close() throws IOException {
    for (var file : here.values()) {
      Files.deleteIfExists(file);
    }
  }
}
