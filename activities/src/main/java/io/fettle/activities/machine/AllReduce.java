package io.fettle.activities.machine;

import static io.fettle.activities.machine.HostCheck.Finding.missing;
import static io.fettle.activities.machine.HostCheck.Finding.ok;
import static io.fettle.activities.machine.HostCheck.Finding.skipped;

import com.fasterxml.jackson.core.JsonProcessingException;
import io.fettle.activities.disks.Scratch;
import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.programs.Environments;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/** A small all-reduce over all GPUs of the machine: what every step of several GPUs begins with. */
final class AllReduce {
  private static final Duration PATIENCE = Duration.ofMinutes(2);
  private static final int LAST_WORDS = 300;

  private final Optional<Environments> environments;

  AllReduce(Optional<Environments> environments) {
    this.environments = environments;
  }

  Finding finding(int gpus) throws IOException, InterruptedException {
    if (gpus < 2) {
      return skipped("nccl", gpus == 0 ? "no GPU" : "one GPU");
    }
    if (environments.isEmpty() || !environments.get().isMade("train")) {
      return skipped("nccl", "the train environment is not made yet; a first run makes it");
    }
    return reduce(environments.get(), gpus, "nccl");
  }

  /**
   * Runs it.
   *
   * @param backend {@code nccl}, or {@code gloo} without GPUs
   */
  static Finding reduce(Environments environments, int ranks, String backend)
      throws IOException, InterruptedException {
    try (var scratch = Scratch.in(Path.of(System.getProperty("java.io.tmpdir")), "all-reduce")) {
      var spec =
          environments.module(
              "train",
              scratch.folder(),
              "fettle_trainer.allreduce",
              List.of("--ranks", String.valueOf(ranks), "--backend", backend));
      var log = scratch.folder().resolve("log");
      var builder = new ProcessBuilder(spec.command()).directory(scratch.folder().toFile());
      builder.environment().putAll(spec.environment());
      var process = builder.redirectErrorStream(true).redirectOutput(log.toFile()).start();
      if (!process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        process.descendants().forEach(ProcessHandle::destroyForcibly);
        process.destroyForcibly();
        return missing(
            "nccl",
            "an all-reduce over %d GPUs did not end in %d s".formatted(ranks, PATIENCE.toSeconds()),
            "run it with NCCL_DEBUG=INFO; NCCL_P2P_DISABLE=1 tells whether the links are at fault");
      }
      return read(Files.readString(log).strip(), process.exitValue(), ranks);
    }
  }

  private static Finding read(String log, int status, int ranks) {
    if (status != 0) {
      return missing(
          "nccl",
          "an all-reduce over %d GPUs failed: %s"
              .formatted(ranks, log.substring(Math.max(0, log.length() - LAST_WORDS))),
          "run it with NCCL_DEBUG=INFO");
    }
    try {
      var result = Wire.mapper().readTree(log.lines().reduce("", (_, last) -> last));
      return ok(
          "nccl",
          String.format(
              Locale.ROOT,
              "%s: %d ranks, %.1f GB/s of bus bandwidth",
              result.path("backend").asText(),
              result.path("ranks").asInt(),
              result.path("bus_bytes_per_second").asDouble() / 1e9));
    } catch (JsonProcessingException e) {
      return missing("nccl", "the all-reduce says nothing", "report this");
    }
  }
}
