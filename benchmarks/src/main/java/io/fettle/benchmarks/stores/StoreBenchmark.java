package io.fettle.benchmarks.stores;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.conformance.Conformance;
import io.fettle.activities.store.conformance.Conformance.Broken;
import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.RowsOnAStore;
import io.fettle.benchmarks.servers.FaultyLink;
import io.fettle.benchmarks.servers.FaultyLink.Faults;
import io.fettle.benchmarks.servers.LocalServers;
import io.fettle.benchmarks.servers.ObjectServer;
import io.fettle.cli.local.Home;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * Whether a folder, two servers that speak S3 and one that speaks GCS keep every promise, over a
 * sound network and over one that breaks, and whether runs on them lose nothing.
 */
public final class StoreBenchmark implements Benchmark {
  private static final long SEED = 11;

  @Override
  public String name() {
    return "store";
  }

  @Override
  public String summary() {
    return "promises of file, S3 and GCS stores that were broken, and runs on S3 and GCS";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var folder = Files.createTempDirectory("fettle-bench-store");
    var servers = new LocalServers(Home.current());
    var rows = new ArrayList<Row>();
    try (var versity = servers.versity(folder(folder, "versitygw"));
        var s3Proxy = servers.s3Proxy(folder(folder, "s3proxy"));
        var gcs = servers.gcs(folder(folder, "gcs"));
        var many = servers.gcsInMemory(folder(folder, "gcs-in-memory"))) {
      if (effort.wants("store_")) {
        tell(rows, known, List.of(conformance(folder, List.of(versity, s3Proxy, gcs))));
      }
      for (var on : List.of(new On("s3_", versity), new On("gcs_", many))) {
        var work = folder(folder, "rows-" + on.prefix());
        tell(rows, known, RowsOnAStore.published(effort, work, on.server(), on.prefix()));
      }
      if (effort.wants("s3_kills_")) {
        var work = folder(folder, "kills");
        tell(rows, known, RowsOnAStore.killed(effort, work, versity, "s3_"));
      }
    } finally {
      Folders.delete(folder);
    }
    return rows;
  }

  private record On(String prefix, ObjectServer server) {}

  private static void tell(List<Row> rows, Consumer<Row> known, List<Row> more) {
    rows.addAll(more);
    more.forEach(known);
  }

  private static Path folder(Path folder, String name) throws IOException {
    return Files.createDirectories(folder.resolve(name));
  }

  // --- Conformance

  private static Row conformance(Path folder, List<ObjectServer> servers) throws Exception {
    var broken = new ArrayList<String>();
    int checks = 0;
    try (var store = Stores.open(folder.resolve("file").toUri())) {
      checks += check("file", store, folder, broken);
    }
    for (var server : servers) {
      try (var store = server.open("sound")) {
        checks += check(server.name(), store, folder, broken);
      }
      try (var link = new FaultyLink(server.endpoint(), Faults.BREAKING, SEED);
          var store = server.open("breaking", link.address(), server.sturdy())) {
        checks += check(server.name() + " over a breaking network", store, folder, broken);
      }
    }
    return Row.measured("store_conformance_failures", broken.size(), "", checks)
        .atMost(0)
        .note(String.join("; ", broken));
  }

  private static int check(String name, ObjectStore store, Path folder, List<String> broken)
      throws IOException, InterruptedException {
    for (var check : Conformance.all()) {
      var scratch = Files.createTempDirectory(folder, "scratch");
      try {
        check.run(store, scratch);
      } catch (Broken | IOException why) {
        broken.add("%s: %s: %s".formatted(name, check.name(), why.getMessage()));
      } finally {
        Folders.delete(scratch);
      }
    }
    return Conformance.all().size();
  }
}
