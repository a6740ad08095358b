package io.fettle.activities.machine;

import static io.fettle.activities.machine.HostCheck.Finding.missing;
import static io.fettle.activities.machine.HostCheck.Finding.note;
import static io.fettle.activities.machine.HostCheck.Finding.ok;

import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.store.ObjectStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.UUID;
import java.util.stream.Collectors;

/** What a host is connected by, and how fast its store is. */
final class Network {
  private static final int BYTES = 32 << 20;
  private static final double MEGABYTE = 1e6;

  private final Path root;
  private final HostCheck.Opener store;

  Network(Path root, HostCheck.Opener store) {
    this.root = root;
    this.store = store;
  }

  List<Finding> findings() throws IOException, InterruptedException {
    return List.of(fabric(), store());
  }

  /** By the driver: the names of EFA's devices differ. */
  private Finding fabric() throws IOException {
    var folder = root.resolve("sys/class/infiniband");
    Map<String, Integer> drivers = new TreeMap<>();
    if (Files.isDirectory(folder)) {
      try (var devices = Files.newDirectoryStream(folder)) {
        for (var device : devices) {
          var driver = device.resolve("device/driver");
          var name =
              Files.exists(driver) ? String.valueOf(driver.toRealPath().getFileName()) : "other";
          drivers.merge(name, 1, Integer::sum);
        }
      }
    }
    return drivers.isEmpty()
        ? note("fabric", "neither EFA nor InfiniBand", "several machines would train over TCP")
        : ok(
            "fabric",
            drivers.entrySet().stream()
                .map(each -> each.getValue() + " x " + each.getKey())
                .collect(Collectors.joining(", ")));
  }

  private Finding store() throws InterruptedException {
    try (var opened = store.open()) {
      return rates(opened);
    } catch (IOException e) {
      return missing(
          "store",
          String.valueOf(e.getMessage()),
          "`fettle store probe --all` tells more; docs/guides/stores.md names the rights");
    }
  }

  private static Finding rates(ObjectStore store) throws IOException {
    var key = "probes/host-check-" + UUID.randomUUID();
    var bytes = new byte[BYTES];
    new Random(1).nextBytes(bytes);
    try {
      long start = System.nanoTime();
      store.put(key, bytes);
      long put = System.nanoTime();
      var read = store.find(key).orElseThrow(() -> new IOException(key + " is gone"));
      long got = System.nanoTime();
      if (read.length != BYTES) {
        return missing("store", "gave back %d of %d bytes".formatted(read.length, BYTES), "");
      }
      return ok(
          "store",
          String.format(
              Locale.ROOT,
              "%s: %.0f MB/s up, %.0f MB/s down (one object of %d MiB)",
              store.root(),
              BYTES / MEGABYTE / (put - start) * 1e9,
              BYTES / MEGABYTE / (got - put) * 1e9,
              BYTES >> 20));
    } finally {
      store.delete(key);
    }
  }
}
