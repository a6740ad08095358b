package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.capacity.Ec2Server;
import io.fettle.benchmarks.capacity.RunningEc2;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Breaks what a run stands on, on purpose and at random: links, hosts, stores, processes,
 * checkpoints, trainers. Each row comes with the same row whose mechanism is switched off.
 */
public final class FailuresBenchmark implements Benchmark {
  @Override
  public String name() {
    return "failures";
  }

  @Override
  public String summary() {
    return "what each fault costs: cut links, killed and frozen hosts, torn checkpoints, full stores";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var pool = effort.pool().orElse("local");
    var folder = Files.createTempDirectory("fettle-bench-failures");
    try {
      return switch (pool) {
        case "local" -> measure(effort, folder, Ground.LOCAL, known);
        case RunningEc2.POOL -> launched(effort, folder, known);
        default ->
            throw new CommandFailure(
                ExitCode.INVALID, "failures knows no pool " + pool + "; it has: local, aws");
      };
    } finally {
      LocalCluster.current(Progress.silent()).delete(List.of(folder));
    }
  }

  private static List<Row> launched(Effort effort, Path folder, Consumer<Row> known)
      throws Exception {
    Ec2Server server;
    try {
      server = Ec2Server.start(Files.createDirectories(folder.resolve("ec2")));
    } catch (IOException reason) {
      return List.of(Row.skipped(RunningEc2.POOL, "no Moto server: " + reason.getMessage()));
    }
    try (server) {
      return measure(effort, folder, Ground.on(server), known);
    }
  }

  private static List<Row> measure(Effort effort, Path folder, Ground ground, Consumer<Row> known)
      throws InterruptedException {
    return new Measuring(effort, folder, Settings.shipped(), ground, known).rows();
  }
}
