package io.fettle.activities.plan;

import com.sun.management.OperatingSystemMXBean;
import io.fettle.activities.catalogue.Machine;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

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
 * @param bf16 whether it multiplies bfloat16 matrices itself, and need not emulate it
 */
public record Hardware(
    String shape,
    boolean gpu,
    long memoryBytes,
    int cores,
    double computeCapability,
    boolean runsVllm,
    boolean bf16) {
  private static final long MIB = 1 << 20;
  private static final double BF16_CAPABILITY = 8.0;
  private static final double VLLM_CAPABILITY = 7.0;
  private static final Set<String> BF16_FLAGS = Set.of("avx512_bf16", "amx_bf16", "bf16");

  /** Workers, server and supervisor, which share a machine without a GPU with the trainer. */
  private static final long TAKEN_BY_OTHERS = 2_000 * MIB;

  /** This machine's: its first GPU, else its CPU. */
  public static Hardware local() {
    return nvidia(smi()).orElseGet(Hardware::cpu);
  }

  /**
   * A machine of a catalogue, as its one GPU that a trainer uses, else its CPU.
   *
   * @param shape under which it is asked for
   */
  public static Hardware of(Machine machine, String shape) {
    boolean gpu = machine.gpus() > 0;
    return new Hardware(
        shape,
        gpu,
        Math.round((gpu ? machine.gpuMemoryGib() : machine.memoryGib()) * 1024) * MIB,
        machine.vcpus(),
        machine.computeCapability(),
        !gpu || machine.computeCapability() >= VLLM_CAPABILITY,
        gpu && machine.computeCapability() >= BF16_CAPABILITY);
  }

  /** This machine's CPU and memory, under another name. */
  public static Hardware cpuAs(String shape) {
    return cpu().named(shape);
  }

  Hardware named(String other) {
    return new Hardware(other, gpu, memoryBytes, cores, computeCapability, runsVllm, bf16);
  }

  /** What a trainer may use of the memory. */
  long usableBytes() {
    return gpu ? memoryBytes : Math.max(0, memoryBytes - TAKEN_BY_OTHERS);
  }

  /** A CPU trains in fp32, whatever it has. */
  boolean trainsInBf16() {
    return gpu && bf16;
  }

  private static Hardware cpu() {
    return new Hardware(
        "cpu", false, machineBytes(), processors(), 0, isLinux(), cpuBf16(cpuInfo()));
  }

  /**
   * From the flags in {@code /proc/cpuinfo}, x86's or Arm's. Without one of them vLLM was seen to
   * read prompts in bfloat16 at a fifth of float32's speed.
   */
  static boolean cpuBf16(String cpuInfo) {
    return cpuInfo
        .lines()
        .filter(line -> line.startsWith("flags") || line.startsWith("Features"))
        .flatMap(line -> Stream.of(line.split("\\s+")))
        .anyMatch(BF16_FLAGS::contains);
  }

  private static String cpuInfo() {
    try {
      return Files.readString(Path.of("/proc/cpuinfo"));
    } catch (IOException notLinux) {
      return "";
    }
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
    double computeCapability = Double.parseDouble(parts[2]);
    return Optional.of(
        new Hardware(
            shape,
            true,
            Long.parseLong(parts[1]) * MIB,
            processors(),
            computeCapability,
            isLinux(),
            computeCapability >= BF16_CAPABILITY));
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
