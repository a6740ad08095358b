package io.fettle.cli.command;

import io.fettle.cli.local.Home;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;

/**
 * What this machine has of what Fettle needs. Looks only; installs nothing, and starts nothing but
 * {@code --version}.
 */
final class Machine {
  private static final long GIGABYTE = 1_000_000_000L;

  /**
   * The demo's tools, environments, model and runs: 9 GB where measured, with room for one more
   * run.
   */
  private static final long DISK_NEEDED = 12 * GIGABYTE;

  /** Trainer (2.5 GB), engine (1.5 GB), server and workers (1.5 GB) side by side. */
  private static final long MEMORY_NEEDED = 6 * GIGABYTE;

  /** The ports that people expect; others are taken where these are busy. */
  static final Map<String, Integer> USUAL_PORTS = Map.of("temporal", 7233, "temporal ui", 8233);

  private final Path home;
  private final Map<String, String> environment;
  private final SortedMap<String, Integer> ports;

  Machine(Path home, Map<String, String> environment, Map<String, Integer> ports) {
    this.home = home;
    this.environment = environment;
    this.ports = new TreeMap<>(ports);
  }

  List<Prerequisite> inspect() {
    var found = new ArrayList<Prerequisite>();
    found.add(platform());
    found.add(disk());
    found.add(memory());
    found.add(Prerequisite.ok("jdk", Runtime.version() + "  " + System.getProperty("java.home")));
    found.add(maven());
    found.add(python());
    found.add(tool("uv", "made by Fettle", "Fettle installs a pinned one into tools/"));
    found.add(temporal());
    ports.forEach((name, port) -> found.add(port(name, port)));
    found.add(gpu());
    return List.copyOf(found);
  }

  private static Prerequisite platform() {
    String system = System.getProperty("os.name") + " " + System.getProperty("os.arch");
    return System.getProperty("os.name").startsWith("Windows")
        ? Prerequisite.missing("platform", system, "use WSL 2")
        : Prerequisite.ok(
            "platform", system + ", " + Runtime.getRuntime().availableProcessors() + " cores");
  }

  private Prerequisite disk() {
    try {
      long free = Files.getFileStore(nearestExisting(home)).getUsableSpace();
      String found = gigabytes(free) + " free at " + home;
      return free >= DISK_NEEDED
          ? Prerequisite.ok("disk", found)
          : Prerequisite.missing(
              "disk",
              found,
              "the demo needs " + gigabytes(DISK_NEEDED) + "; FETTLE_HOME names another place");
    } catch (IOException e) {
      throw new UncheckedIOException("cannot read the free space at " + home, e);
    }
  }

  private static Path nearestExisting(Path path) {
    Path candidate = path;
    while (!Files.exists(candidate) && candidate.getParent() != null) {
      candidate = candidate.getParent();
    }
    return candidate;
  }

  private static Prerequisite memory() {
    var bean = java.lang.management.ManagementFactory.getOperatingSystemMXBean();
    if (!(bean instanceof com.sun.management.OperatingSystemMXBean system)) {
      return Prerequisite.note("memory", "unknown", "the demo needs " + gigabytes(MEMORY_NEEDED));
    }
    long total = system.getTotalMemorySize(); // the container's limit where there is one
    return total >= MEMORY_NEEDED
        ? Prerequisite.ok("memory", gigabytes(total))
        : Prerequisite.note(
            "memory", gigabytes(total), "the demo needs " + gigabytes(MEMORY_NEEDED));
  }

  private Prerequisite maven() {
    return onPath("mvn")
        .map(path -> Prerequisite.ok("maven", path.toString()))
        .orElseGet(
            () ->
                Prerequisite.missing(
                    "maven", "not on the PATH", "apt-get install maven, or brew install maven"));
  }

  private Prerequisite python() {
    var path = onPath("python3");
    if (path.isEmpty()) {
      return Prerequisite.missing(
          "python3", "not on the PATH", "apt-get install python3 python3-pip");
    }
    String version = firstLine(path.get().toString(), "--version");
    return Prerequisite.ok("python3", version.replace("Python ", "") + "  " + path.get());
  }

  private Prerequisite temporal() {
    String address = environment.get("FETTLE_TEMPORAL_ADDRESS");
    if (address != null && !address.isBlank()) {
      return Prerequisite.ok("temporal", "configured: " + address);
    }
    return new LocalCluster(new Home(home, home), environment, Progress.silent())
        .foundProgram()
        .map(path -> Prerequisite.ok("temporal", path.toString()))
        .orElseGet(
            () ->
                Prerequisite.note(
                    "temporal", "embedded server", "Fettle fetches a pinned one into tools/"));
  }

  private Prerequisite tool(String name, String absent, String fix) {
    return installed(name)
        .or(() -> onPath(name))
        .map(path -> Prerequisite.ok(name, path.toString()))
        .orElseGet(() -> Prerequisite.note(name, absent, fix));
  }

  private Optional<Path> installed(String name) {
    return List.of(
            home.resolve("tools/bin").resolve(name),
            home.resolve("tools").resolve(name).resolve(name))
        .stream()
        .filter(Files::isExecutable)
        .findFirst();
  }

  private static Prerequisite port(String name, int port) {
    try (var _ = new ServerSocket(port, 1, InetAddress.getLoopbackAddress())) {
      return Prerequisite.ok("port " + port, "free for " + name);
    } catch (IOException _) {
      return Prerequisite.note(
          "port " + port, "busy", "Fettle takes another for " + name + " unless it is its own");
    }
  }

  private Prerequisite gpu() {
    if (onPath("nvidia-smi").isEmpty()) {
      return Prerequisite.note("gpu", "none", "everything runs on the CPU");
    }
    String cards =
        firstLine("nvidia-smi", "--query-gpu=name,memory.total", "--format=csv,noheader");
    return cards.isEmpty()
        ? Prerequisite.note(
            "gpu", "nvidia-smi does not answer", "check the driver; everything runs on the CPU")
        : Prerequisite.ok("gpu", cards);
  }

  private Optional<Path> onPath(String name) {
    return List.of(environment.getOrDefault("PATH", "").split(":")).stream()
        .filter(folder -> !folder.isEmpty())
        .map(folder -> Path.of(folder, name))
        .filter(Files::isExecutable)
        .findFirst();
  }

  /** Empty where the program fails or takes more than five seconds. */
  private static String firstLine(String... command) {
    try {
      var process = new ProcessBuilder(command).redirectErrorStream(true).start();
      process.getOutputStream().close();
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return process.exitValue() == 0 ? text.lines().findFirst().orElse("") : "";
    } catch (IOException _) {
      return "";
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
      return "";
    }
  }

  private static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.0f GB", (double) bytes / GIGABYTE);
  }
}
