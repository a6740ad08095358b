package io.fettle.benchmarks;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.StepsWorkflow.EmptySteps;
import io.fettle.benchmarks.StepsWorkflow.Job;
import io.fettle.benchmarks.StepsWorkflow.Result;
import io.fettle.cli.local.LocalCluster;
import io.fettle.workers.settings.Pollers;
import io.temporal.activity.Activity;
import io.temporal.client.WorkflowOptions;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What a step costs beyond its body: input hash, look-up, claim, record, summary, and the server's
 * two tasks, on the real server and the file store.
 */
final class StepsBenchmark implements Benchmark {
  private static final String P50 = "step_overhead_p50_ms";
  private static final String P95 = "step_overhead_p95_ms";
  private static final String CONTROL = "bench-control";
  private static final String CPU = "bench-cpu";
  private static final int WARM_UP_RUNS = 40;
  private static final int TRIALS = 5;
  private static final int RUNS_A_TRIAL = 20;
  private static final int POLLERS = 4;

  @Override
  public String name() {
    return "steps";
  }

  @Override
  public String summary() {
    return "the cost of an empty step on the real server: hash, look-up, claim, record, summary";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    if (effort.isQuick()) {
      var reason = "timed; not in --quick";
      return List.of(Row.skipped(P50, reason), Row.skipped(P95, reason));
    }
    var folder = Files.createTempDirectory("fettle-bench-steps");
    try (var own = new OwnHome(folder, Map.of());
        var connection = own.cluster().ensureUp()) {
      return rows(trials(connection, own.cluster()));
    }
  }

  private static List<double[]> trials(TemporalConnection connection, LocalCluster cluster)
      throws Exception {
    var factory = Pollers.factory(connection.client(), 100);
    try (var store = cluster.store().open();
        var cache = new StepCache(store, "bench")) {
      var starts = new Starts(cache);
      factory
          .newWorker(CONTROL, Pollers.options(POLLERS).build())
          .registerWorkflowImplementationTypes(StepsWorkflow.Impl.class);
      factory
          .newWorker(CPU, Pollers.options(POLLERS).build())
          .registerActivitiesImplementations(starts);
      factory.start();
      trial(connection, starts, WARM_UP_RUNS);
      var trials = new ArrayList<double[]>();
      for (int trial = 0; trial < TRIALS; trial++) {
        trials.add(trial(connection, starts, RUNS_A_TRIAL));
      }
      return trials;
    } finally {
      factory.shutdown();
      factory.awaitTermination(10, TimeUnit.SECONDS);
    }
  }

  /** Each step's milliseconds from the body before it (the first: from the run's start), sorted. */
  private static double[] trial(TemporalConnection connection, Starts starts, int runs) {
    var millis = new double[runs * StepsWorkflow.STEPS];
    int filled = 0;
    for (int run = 0; run < runs; run++) {
      var id = "bench-steps-" + UUID.randomUUID();
      var options = WorkflowOptions.newBuilder().setTaskQueue(CONTROL).setWorkflowId(id).build();
      var workflow = connection.client().newWorkflowStub(StepsWorkflow.class, options);
      starts.begin();
      workflow.run(CPU, id);
      for (long nanos : starts.gaps()) {
        millis[filled++] = nanos / 1e6;
      }
    }
    Arrays.sort(millis);
    return millis;
  }

  private static List<Row> rows(List<double[]> trials) {
    var note =
        "%d trials of %d runs of %d steps".formatted(TRIALS, RUNS_A_TRIAL, StepsWorkflow.STEPS);
    return List.of(
        Row.measured(P50, median(trials, 0.50), "ms", TRIALS).atMost(25).note(note),
        Row.measured(P95, median(trials, 0.95), "ms", TRIALS).atMost(100).note(note));
  }

  /** The median over the trials of one quantile. */
  private static double median(List<double[]> trials, double quantile) {
    var each = trials.stream().mapToDouble(sorted -> at(sorted, quantile)).sorted().toArray();
    return each[each.length / 2];
  }

  private static double at(double[] sorted, double quantile) {
    return sorted[(int) Math.min(sorted.length - 1, Math.round(quantile * sorted.length))];
  }

  /** The product's step cache around nothing but a look at the clock. */
  private static final class Starts implements EmptySteps {
    private final StepCache cache;
    private final List<Long> times = new ArrayList<>();

    Starts(StepCache cache) {
      this.cache = cache;
    }

    @Override
    public Result emptyStep(Job job) {
      var key = StepKey.of("empty", Map.of("job", job), "");
      try {
        return cache.once(key, Result.class, () -> body(job)).value();
      } catch (Exception e) {
        throw Activity.wrap(e);
      }
    }

    private synchronized Result body(Job job) {
      times.add(System.nanoTime());
      return new Result(job.number());
    }

    synchronized void begin() {
      times.clear();
      times.add(System.nanoTime());
    }

    synchronized long[] gaps() {
      var gaps = new long[StepsWorkflow.STEPS];
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] = times.get(i + 1) - times.get(i);
      }
      return gaps;
    }
  }
}
