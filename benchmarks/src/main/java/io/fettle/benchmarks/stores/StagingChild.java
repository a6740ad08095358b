package io.fettle.benchmarks.stores;

import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.Tree;
import io.fettle.activities.store.Stores;
import io.fettle.activities.store.Stores.Access;
import io.fettle.activities.store.Stores.Transfer;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/** A host that stages one folder, in a process of its own: what is killed, timed and weighed. */
public final class StagingChild {
  private static final double NANOS = 1e9;

  private StagingChild() {}

  /**
   * What it prints, as one line of JSON.
   *
   * @param seconds of staging alone: an agent has long started when it stages
   * @param residentMegabytes the most that its process ever took (VmHWM)
   */
  record Told(double seconds, long fetched, long reused, long residentMegabytes) {}

  /**
   * @param args store, endpoint, bytes a second (0: no limit), manifest's address and hash, cache,
   *     target
   */
  public static void main(String[] args) throws IOException {
    var usual = Transfer.USUAL;
    var transfer = new Transfer(usual.streams(), usual.partBytes(), Long.parseLong(args[2]));
    try (var store =
        Stores.open(URI.create(args[0]), new Access(Map.of("s3", URI.create(args[1])), transfer))) {
      long start = System.nanoTime();
      Tree tree =
          Staging.stageTree(
              store,
              new Reference(URI.create(args[3]), args[4]),
              Path.of(args[5]),
              Path.of(args[6]));
      double seconds = (System.nanoTime() - start) / NANOS;
      var told = new Told(seconds, tree.bytesFetched(), tree.bytesReused(), resident());
      System.out.println(Wire.mapper().writeValueAsString(told));
    }
  }

  private static long resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
        .findFirst()
        .orElse(0);
  }
}
