package io.fettle.benchmarks;

import io.fettle.activities.training.cadence.CheckpointInterval;
import io.fettle.benchmarks.TraceRun.Costs;
import io.fettle.benchmarks.TraceRun.Policy;
import io.fettle.benchmarks.TraceRun.Result;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * Replays availability traces: what the adaptive interval keeps and loses, and what fixed ones do.
 */
final class IntervalBenchmark implements Benchmark {
  /** An adapter of some hundred megabytes, a store at 20 MB/s, a host that loads a model. */
  private static final Costs COSTS = new Costs(5, 20, 60);

  /** The shipped defaults of the spec's {@code checkpoint} and of the agent. */
  private static final CheckpointInterval SHIPPED = new CheckpointInterval(30, 900, 6 * 3_600);

  private static final double PERCENT = 100;

  @Override
  public String name() {
    return "interval";
  }

  @Override
  public String summary() {
    return "goodput and lost seconds of the checkpoint interval, replayed over --traces PATH";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) {
    if (effort.traces().isEmpty()) {
      return List.of(
          Row.skipped("goodput_adaptive_percent", "name the traces: --traces FILE-OR-FOLDER"));
    }
    try {
      return rows(Traces.read(effort.traces().get()));
    } catch (Traces.Unreadable e) {
      throw new CommandFailure(ExitCode.INVALID, String.valueOf(e.getMessage()));
    }
  }

  static List<Row> rows(List<Trace> traces) {
    var rows = new ArrayList<Row>();
    policies().forEach((name, policy) -> rows.addAll(rows(name, replayed(traces, policy), traces)));
    return rows;
  }

  private static Map<String, Policy> policies() {
    var policies = new LinkedHashMap<String, Policy>();
    policies.put(
        "adaptive",
        (costs, seen) ->
            SHIPPED
                .of(OptionalDouble.of(costs.stall()), OptionalDouble.of(costs.upload()), seen)
                .seconds());
    for (int minutes : List.of(5, 15, 60)) {
      policies.put("fixed_" + minutes + "m", (_, _) -> minutes * 60.0);
    }
    return policies;
  }

  private static Result replayed(List<Trace> traces, Policy policy) {
    return traces.stream()
        .map(trace -> TraceRun.replay(trace, COSTS, policy))
        .reduce(Result.none(), Result::plus);
  }

  private static List<Row> rows(String policy, Result result, List<Trace> traces) {
    int trials = traces.size();
    return List.of(
        Row.measured("goodput_" + policy + "_percent", result.goodput() * PERCENT, "%", trials)
            .note(
                "%d checkpoints of %.0f s stall and %.0f s upload, %.0f s to restart, no notice"
                    .formatted(
                        result.checkpoints(), COSTS.stall(), COSTS.upload(), COSTS.restart())),
        Row.measured("lost_" + policy + "_seconds", result.lost(), "s", trials)
            .note("trained, and lost to an interruption"),
        Row.measured("stalled_" + policy + "_seconds", result.stalled(), "s", trials));
  }
}
