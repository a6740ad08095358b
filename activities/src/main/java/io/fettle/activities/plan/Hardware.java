package io.fettle.activities.plan;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * What a step can run on. Fixed facts only, so that the same machine always gives the same plan:
 * not what is free just now.
 *
 * @param shape the machine's type, as {@code cpu} or {@code nvidia-h100-80gb-hbm3}
 * @param gpu whether there is one
 * @param memoryBytes of one GPU, else of the machine (of its container, where that is less)
 * @param cores that this process may use
 * @param computeCapability of the GPU, as 8.9; 0 without one
 * @param runsVllm whether vLLM has a build for it
 */
public record Hardware(
    String shape,
    boolean gpu,
    long memoryBytes,
    int cores,
    double computeCapability,
    boolean runsVllm) {
  private static final long MIB = 1 << 20;

  /** Workers, server and supervisor, which share a machine without a GPU with the trainer. */
  private static final long TAKEN_BY_OTHERS = 2_000 * MIB;

  /** This machine's: its first GPU, else its CPU. */
  public static Hardware local() {
    return nvidia(smi()).orElseGet(Hardware::cpu);
  }

  /** What a trainer may use of the memory. */
  long usableBytes() {
    return gpu ? memoryBytes : Math.max(0, memoryBytes - TAKEN_BY_OTHERS);
  }

  boolean hasBf16() {
    return gpu && computeCapability >= 8.0;
  }

  private static Hardware cpu() {
    return new Hardware("cpu", false, machineBytes(), processors(), 0, isLinux());
  }

  private static long machineBytes() {
    return ManagementFactory.getOperatingSystemMXBean() instanceof OperatingSystemMXBean os
        ? os.getTotalMemorySize()
        : Runtime.getRuntime().maxMemory();
  }

  private static int processors() {
    return Runtime.getRuntime().availableProcessors();
  }

  private static boolean isLinux() {
    return System.getProperty("os.name").equals("Linux");
  }

  /** From a line of {@code nvidia-smi}: name, MiB, compute capability. */
  static Optional<Hardware> nvidia(String line) {
    var parts = line.split("\\s*,\\s*");
    if (parts.length != 3 || !parts[1].matches("\\d+") || !parts[2].matches("\\d+\\.\\d+"))
      return Optional.empty();
    var shape = parts[0].toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return Optional.of(
        new Hardware(
            shape,
            true,
            Long.parseLong(parts[1]) * MIB,
            processors(),
            Double.parseDouble(parts[2]),
            isLinux()));
  }

  private static String smi() {
    try {
      var process =
          new ProcessBuilder(
                  "nvidia-smi",
                  "--query-gpu=name,memory.total,compute_cap",
                  "--format=csv,noheader,nounits")
              .redirectErrorStream(true)
              .start();
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        return "";
      }
      var text = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return text.lines().findFirst().orElse("").strip();
    } catch (IOException e) {
      return ""; // no such program: no GPU of that maker
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return "";
    }
  }
}
