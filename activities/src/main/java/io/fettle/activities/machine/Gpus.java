package io.fettle.activities.machine;

import static io.fettle.activities.machine.HostCheck.Finding.missing;
import static io.fettle.activities.machine.HostCheck.Finding.note;
import static io.fettle.activities.machine.HostCheck.Finding.ok;
import static io.fettle.activities.machine.HostCheck.Finding.skipped;

import io.fettle.activities.machine.HostCheck.Finding;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The GPUs as {@code nvidia-smi} tells of them, and the PCI bus where it is silent. */
final class Gpus {
  /** Of CUDA 13.0, for which the locked torch is built (CUDA's release notes, table 3). */
  private static final int LEAST_DRIVER = 580;

  /** Contexts of nobody's and the driver's own take a few hundred MiB. */
  private static final double USUALLY_FREE = 0.95;

  private static final double NEEDED_FREE = 0.5;
  private static final double NAMED_AFTER = 0.9;
  private static final double GIGABYTE = 1e9;
  private static final double MIB = 1 << 20;
  private static final int FIELDS = 6;
  private static final String NVIDIA = "0x10de";
  private static final String DISPLAY = "0x03";

  private final Path root;
  private final Commands commands;
  private @Nullable List<Gpu> gpus;

  /**
   * One of them.
   *
   * @param errors of memory since the driver was loaded that ECC could not correct; empty: no ECC
   */
  record Gpu(String name, String driver, long totalMib, long freeMib, OptionalLong errors) {
    double free() {
      return (double) freeMib / totalMib;
    }

    /** Empty for a line of another form, as a message. */
    static Optional<Gpu> of(String line) {
      var words = line.split("\\s*,\\s*", -1);
      if (words.length != FIELDS || !words[2].matches("\\d+") || !words[3].matches("\\d+")) {
        return Optional.empty();
      }
      var errors =
          words[4].matches("\\d+")
              ? OptionalLong.of(Long.parseLong(words[4]))
              : OptionalLong.empty();
      return Optional.of(
          new Gpu(words[0], words[1], Long.parseLong(words[2]), Long.parseLong(words[3]), errors));
    }
  }

  Gpus(Path root, Commands commands) {
    this.root = root;
    this.commands = commands;
  }

  int count() throws InterruptedException {
    return all().size();
  }

  List<Finding> findings() throws IOException, InterruptedException {
    var all = all();
    return all.isEmpty() ? none() : List.of(driver(all), memory(all), errors(all));
  }

  private List<Gpu> all() throws InterruptedException {
    var known = gpus;
    if (known != null) {
      return known;
    }
    var lines =
        commands
            .answer(
                "nvidia-smi",
                "--query-gpu=name,driver_version,memory.total,memory.free,"
                    + "ecc.errors.uncorrected.volatile.total,compute_cap",
                "--format=csv,noheader,nounits")
            .orElse("");
    var found = lines.lines().flatMap(line -> Gpu.of(line).stream()).toList();
    gpus = found;
    return found;
  }

  /** Memory is told in MiB, and named after a few per cent more than there is. */
  Finding shape(HostCheck.Needs needs) throws InterruptedException {
    long least = Math.round(needs.gigabytes() * GIGABYTE / MIB * NAMED_AFTER);
    long fit = all().stream().filter(each -> each.totalMib() >= least).count();
    var found =
        "%d GPUs, %d of them with at least %d MiB; %s has %d"
            .formatted(all().size(), fit, least, needs.shape(), needs.gpus());
    return fit >= needs.gpus()
        ? ok("shape", found)
        : missing(
            "shape",
            found,
            "name another type for this shape in pools.yaml, or an image whose driver shows them");
  }

  private List<Finding> none() throws IOException {
    var driver =
        isOnTheBus()
            ? missing(
                "driver",
                "a GPU of NVIDIA's is in this machine, and nvidia-smi lists none",
                "install the driver %d or newer and boot again; in a container, run it with the GPUs"
                    .formatted(LEAST_DRIVER))
            : note("driver", "no GPU of NVIDIA's", "everything runs on the CPU");
    return List.of(driver, skipped("gpu memory", "no GPU"));
  }

  private boolean isOnTheBus() throws IOException {
    var devices = root.resolve("sys/bus/pci/devices");
    if (!Files.isDirectory(devices)) {
      return false;
    }
    try (var all = Files.newDirectoryStream(devices)) {
      for (var device : all) {
        if (read(device.resolve("vendor")).equals(NVIDIA)
            && read(device.resolve("class")).startsWith(DISPLAY)) {
          return true;
        }
      }
    }
    return false;
  }

  private static String read(Path file) throws IOException {
    return Files.exists(file) ? Files.readString(file).strip() : "";
  }

  private static Finding driver(List<Gpu> all) {
    var version = all.getFirst().driver();
    var names =
        all.stream().collect(Collectors.groupingBy(Gpu::name, Collectors.counting())).entrySet();
    var found =
        names.stream()
            .map(each -> each.getValue() + " x " + each.getKey())
            .sorted()
            .collect(Collectors.joining(", ", version + ", ", ""));
    return major(version) >= LEAST_DRIVER
        ? ok("driver", found)
        : missing("driver", found, "install the driver %d or newer".formatted(LEAST_DRIVER));
  }

  private static int major(String version) {
    var first = version.split("\\.", -1)[0];
    return first.matches("\\d{1,9}") ? Integer.parseInt(first) : 0;
  }

  private static Finding memory(List<Gpu> all) {
    var fullest = all.stream().min(Comparator.comparingDouble(Gpu::free)).orElseThrow();
    var found =
        String.format(
            Locale.ROOT,
            "%d MiB free of %d on the fullest of %d",
            fullest.freeMib(),
            fullest.totalMib(),
            all.size());
    var fix = "nvidia-smi names the processes that hold it";
    if (fullest.free() < NEEDED_FREE) {
      return missing("gpu memory", found, fix);
    }
    return fullest.free() < USUALLY_FREE ? note("gpu memory", found, fix) : ok("gpu memory", found);
  }

  private static Finding errors(List<Gpu> all) {
    if (all.stream().allMatch(each -> each.errors().isEmpty())) {
      return note("ecc", "these GPUs have none, or it is off", "a flipped bit is not noticed");
    }
    long errors = all.stream().mapToLong(each -> each.errors().orElse(0)).sum();
    return errors == 0
        ? ok("ecc", "no uncorrected error since the driver was loaded")
        : missing(
            "ecc",
            errors + " uncorrected errors since the driver was loaded",
            "give the machine back, or reset the GPU (nvidia-smi --gpu-reset) and run"
                + " `dcgmi diag -r 2`");
  }
}
