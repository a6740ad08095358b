package io.fettle.benchmarks.data;

import io.fettle.activities.disks.Folders;
import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.Home;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;

/** Preparation of rows: what it finds, what it loses, and how fast it is beside other tools. */
public final class PrepareBenchmark implements Benchmark {
  @Override
  public String name() {
    return "prepare";
  }

  @Override
  public String summary() {
    return "near-duplicates found and rows lost; speed and memory beside other tools";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var rows = new ArrayList<Row>();
    Consumer<Row> each = known.andThen(rows::add);
    var planted = Planted.of(effort);
    if (Stream.of("near_dup_", "rows_lost_", "signature_", "dedup_").anyMatch(effort::wants)) {
      new DedupRows(effort, planted).measure(each);
    }
    if (effort.wants("ratio_")) {
      new PeerRows(effort, planted).measure(each);
    }
    if (effort.wants("end_to_end_")) {
      PipelineRows.measure(effort, each);
    }
    if (effort.wants("token_count_")) {
      tokens(effort).forEach(each);
    }
    if (effort.wants("swap")) {
      SwapRows.measure(effort).forEach(each);
    }
    if (effort.wants("loss_score_")) {
      LossScoreRows.measure(effort).forEach(each);
    }
    return rows;
  }

  private static List<Row> tokens(Effort effort) throws Exception {
    var folder = Files.createTempDirectory("fettle-bench-tokens");
    try {
      return TokenRows.rows(folder, effort, Home.current());
    } finally {
      Folders.delete(folder);
    }
  }
}
