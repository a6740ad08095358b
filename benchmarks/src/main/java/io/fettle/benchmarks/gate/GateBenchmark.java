package io.fettle.benchmarks.gate;

import io.fettle.benchmarks.Benchmark;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;

/**
 * The gate: wrong passes, power that was told and is not there, wrong numbers, programs that get
 * out of their sandbox, wrong advice, and how long marking takes.
 */
public final class GateBenchmark implements Benchmark {
  private static final int GATES = 100_000;
  private static final int BOOTSTRAP_GATES = 4_000;
  private static final int RESAMPLES = 1_000;
  private static final int POWER_GATES = 20_000;

  @Override
  public String name() {
    return "gate";
  }

  @Override
  public String summary() {
    return "how often the gate passes what it should not, and what power it has";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var rows = new ArrayList<Row>();
    Consumer<Row> each = known.andThen(rows::add);
    long seed = effort.seed();
    if (effort.wants(OracleRows.NAME)) {
      each.accept(OracleRows.measure(effort));
    }
    if (effort.wants(FalsePassRows.NAME)) {
      each.accept(new FalsePassRows(GATES, seed).measure(FalsePassRows.cells(effort)));
    }
    if (effort.wants(BootstrapRows.NAME)) {
      var bootstrap = new BootstrapRows(BOOTSTRAP_GATES, RESAMPLES, seed);
      each.accept(bootstrap.measure(BootstrapRows.cells(effort)));
    }
    if (effort.wants(PowerRows.NAME)) {
      each.accept(new PowerRows(POWER_GATES, seed).measure(PowerRows.plans(effort)));
    }
    if (effort.wants("sandbox_")) {
      SandboxRows.measure(effort).forEach(each);
    }
    if (effort.wants("judge_")) {
      JudgeRows.measure(effort).forEach(each);
    }
    if (effort.wants(AdvisorRows.NAME)) {
      AdvisorRows.measure(effort).forEach(each);
    }
    if (effort.wants("scoring_")) {
      ScoringRows.measure(effort).forEach(each);
    }
    return rows;
  }
}
