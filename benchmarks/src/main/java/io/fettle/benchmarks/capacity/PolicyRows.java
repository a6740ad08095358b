package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.Trace;
import io.fettle.benchmarks.Traces;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * Deadlines kept and dollars spent by the shipped policy over markets for spot, drawn or recorded,
 * beside what others spend on the same.
 */
final class PolicyRows {
  private static final double HOUR = 3600;
  private static final double CHANGE = 600;
  private static final double SAVE = 300;

  /** Prices of spot and on-demand an hour: about what a single GPU's were to each other. */
  private static final double SPOT = 0.35;

  private static final double ON_DEMAND = 1;
  private static final double[] WORK = {6 * HOUR, 24 * HOUR};

  /** Deadlines in lengths of the work; the shortest leaves room for nothing but on-demand. */
  private static final double[] DEADLINES = {1.05, 1.15, 1.3, 1.6, 2};

  /** Median hours up and share up, as single GPUs were recorded. */
  private static final double[][] MARKETS = {{0.33, 0.17}, {0.33, 0.4}, {0.7, 0.6}, {1.3, 0.9}};

  private PolicyRows() {}

  /** Of one strategy over all jobs. */
  private record Sum(double dollars, int misses) {}

  static List<Row> rows(Effort effort, Consumer<Row> known) throws Traces.Unreadable {
    var rows = new ArrayList<Row>();
    rows.addAll(rows("", drawn(effort), known));
    if (effort.traces().isPresent()) {
      rows.addAll(rows("recorded_", recorded(Traces.read(effort.traces().get())), known));
    }
    return rows;
  }

  static List<Row> rows(String prefix, List<Job> jobs, Consumer<Row> known) {
    var shipped = sum(jobs, Shipped::new);
    var uniform = sum(jobs, _ -> Rivals::uniform);
    var greedy = sum(jobs, _ -> Rivals::greedy);
    var onDemand = sum(jobs, _ -> Rivals::onDemand);
    double optimum = jobs.stream().mapToDouble(Simulation::bound).sum();
    int n = jobs.size();
    var rows =
        List.of(
            Row.measured(prefix + "deadline_misses", shipped.misses(), "", n)
                .atMost(0)
                .note(
                    "of %d on which on-demand from the start is in time; uniform progress missed %d, greedy %d, on-demand %d"
                        .formatted(n, uniform.misses(), greedy.misses(), onDemand.misses())),
            Row.measured(
                    prefix + "cost_ratio_uniform_progress",
                    shipped.dollars() / uniform.dollars(),
                    "",
                    n)
                .atMost(1)
                .note(beside(uniform, greedy, onDemand, optimum)));
    rows.forEach(known);
    return rows;
  }

  private static String beside(Sum uniform, Sum greedy, Sum onDemand, double optimum) {
    return String.format(
        Locale.ROOT,
        "of uniform progress as published; beside it greedy %.3f, always on-demand %.3f, offline optimum %.3f",
        greedy.dollars() / uniform.dollars(),
        onDemand.dollars() / uniform.dollars(),
        optimum / uniform.dollars());
  }

  private static Sum sum(List<Job> jobs, Function<Job, Strategy> strategy) {
    double dollars = 0;
    int misses = 0;
    for (var job : jobs) {
      var outcome = Simulation.of(job, strategy.apply(job));
      dollars += outcome.dollars();
      misses += outcome.finished() > job.deadline() ? 1 : 0;
    }
    return new Sum(dollars, misses);
  }

  private static List<Job> drawn(Effort effort) {
    int draws = effort.isQuick() ? 5 : 25;
    var jobs = new ArrayList<Job>();
    for (var market : MARKETS) {
      for (int draw = 0; draw < draws; draw++) {
        long seed = effort.seed() * 1_000 + draw;
        jobs.addAll(over(horizon -> SpotMarket.drawn(seed, market[0] * HOUR, market[1], horizon)));
      }
    }
    return jobs;
  }

  private static List<Job> recorded(List<Trace> traces) {
    var jobs = new ArrayList<Job>();
    for (var trace : traces) {
      for (int start = 0; start < 4; start++) {
        int from = start * trace.available().size() / 4;
        jobs.addAll(over(horizon -> SpotMarket.of(trace, from, horizon)));
      }
    }
    return jobs;
  }

  private static List<Job> over(Function<Double, SpotMarket> market) {
    var jobs = new ArrayList<Job>();
    for (double work : WORK) {
      for (double lengths : DEADLINES) {
        double deadline = lengths * work;
        var job =
            new Job(market.apply(2 * deadline), work, deadline, CHANGE, SAVE, SPOT, ON_DEMAND);
        if (job.isMetByOnDemand()) {
          jobs.add(job);
        }
      }
    }
    return jobs;
  }
}
