package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.nio.file.Files;
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
    var folder = Files.createTempDirectory("fettle-bench-failures");
    try {
      return new Measuring(effort, folder, Settings.shipped(), known).rows();
    } finally {
      LocalCluster.current(Progress.silent()).delete(List.of(folder));
    }
  }
}
