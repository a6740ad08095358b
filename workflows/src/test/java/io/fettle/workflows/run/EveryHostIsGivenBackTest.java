package io.fettle.workflows.run;

import static io.fettle.workflows.run.FakeGpus.reference;
import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.HostNotice;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Whatever happens to a train, and in whatever order, no host is paid for in vain: none is open at
 * the run's end, none idles beside a train, and none is acquired after the finish.
 */
class EveryHostIsGivenBackTest {
  /** More of them: {@code -Dfettle.chances=200}. */
  private static final int SEEDS = Integer.getInteger("fettle.chances", 60);

  private static final int AT_ONCE = 16;

  /** A run that the in-memory server sticks in says nothing, and a seed may have no other. */
  private static final int TRIES = 3;

  private static final int MOST_STUCK = SEEDS / 10;

  private static final int STUCK_SECONDS = 8;

  private static final int REPLAYED = 8;

  /** A cheaper host is looked for every 300 ms. */
  private static final Pace FAST = new Pace(2_000, true);

  private static final CapacityTerms SPOT =
      new CapacityTerms(
          Market.SPOT,
          3,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          CapacityTerms.NONE.lease(),
          CapacityTerms.NONE.stop());

  private final ChancyActivities activities = new ChancyActivities();
  private final AtomicInteger stuck = new AtomicInteger();

  @Test
  @Timeout(900)
  void no_host_is_paid_for_in_vain_whatever_comes_in_whatever_order() throws Exception {
    List<String> complaints = new ArrayList<>();
    try (var server = server();
        var drivers = Executors.newFixedThreadPool(AT_ONCE)) {
      var seeds =
          IntStream.range(0, SEEDS)
              .mapToObj(seed -> (Callable<List<String>>) () -> complaints(server, seed))
              .toList();
      for (var driven : drivers.invokeAll(seeds)) {
        complaints.addAll(driven.get());
      }
    }

    assertThat(complaints).isEmpty();
    assertThat(stuck.get())
        .as("seeds that the server always sticks in")
        .isLessThanOrEqualTo(MOST_STUCK);
  }

  private TestWorkflowEnvironment server() {
    var server =
        TestWorkflowEnvironment.newInstance(
            TestEnvironmentOptions.newBuilder()
                .setUseTimeskipping(false)
                .setWorkflowClientOptions(
                    WorkflowClientOptions.newBuilder()
                        .setDataConverter(Wire.dataConverter())
                        .build())
                .build());
    SearchAttributes.ALL.forEach(
        key -> server.registerSearchAttribute(key.getName(), key.getValueType()));
    var patient = WorkerOptions.newBuilder().setDefaultDeadlockDetectionTimeout(20_000).build();
    var control = server.newWorker(TaskQueues.CONTROL, patient);
    control.registerWorkflowImplementationTypes(TrainWorkflowImpl.class);
    control.registerActivitiesImplementations(activities);
    for (var queue : List.of(ChancyRun.CLAIMS, ChancyRun.HOSTS, ChancyRun.CONTROL)) {
      server.newWorker(queue).registerActivitiesImplementations(activities);
    }
    server.start();
    return server;
  }

  private List<String> complaints(TestWorkflowEnvironment server, int seed) throws Exception {
    for (int attempt = 0; attempt < TRIES; attempt++) {
      var complaints = complaints(server.getWorkflowClient(), seed, attempt);
      if (complaints.isPresent()) {
        return complaints.get();
      }
    }
    stuck.incrementAndGet();
    return List.of();
  }

  /** Empty: the server is stuck. A run that is stuck by itself is a complaint. */
  private Optional<List<String>> complaints(WorkflowClient client, int seed, int attempt)
      throws Exception {
    var id = "run-%d-%d".formatted(seed, attempt);
    var chances =
        new ChancyRun(
            seed, notice -> tell(client.newWorkflowStub(TrainWorkflow.class, id), notice));
    activities.add(id, chances);
    if (!endsDriven(client, start(client, id), new Random(~seed * ChancyRun.SPREAD))) {
      var stuckRun = new StuckRun(client.fetchHistory(id));
      return stuckRun.isByTheServer()
          ? Optional.empty()
          : Optional.of(List.of("seed %d: %s".formatted(seed, stuckRun.words())));
    }
    for (int look = 0; look < 3_000 && chances.isBusy(); look++) {
      ChancyRun.pause(10);
    }
    var history = client.fetchHistory(id);
    if (seed % REPLAYED == 0) {
      RunFixture.replay(history);
    }
    List<String> complaints = new ArrayList<>(new PaidHours(history.getEvents()).complaints());
    chances.open().forEach(host -> complaints.add(host + " is open at the run's end"));
    return Optional.of(
        complaints.stream().map(complaint -> "seed " + seed + ": " + complaint).toList());
  }

  private static void tell(TrainWorkflow run, HostNotice notice) {
    try {
      run.noticed(notice);
    } catch (WorkflowException over) {
      // as an agent does whose run has ended
    }
  }

  private static TrainWorkflow start(WorkflowClient client, String id) {
    var run =
        client.newWorkflowStub(
            TrainWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(id)
                .setTaskQueue(TaskQueues.CONTROL)
                .build());
    WorkflowClient.start(
        run::run,
        new TrainWorkflow.Request(
            plan(id), "input", reference("training"), reference("base"), reference("data"), FAST));
    return run;
  }

  private static Plan plan(String id) {
    var steps = new FakeSteps(3_000);
    steps.terms = SPOT;
    return steps.plan(new PlanRequest(id, "execution", reference("spec"), reference("base")));
  }

  /** By an operator, who pauses some runs, cancels others, and lets parked ones go on. */
  private static boolean endsDriven(WorkflowClient client, TrainWorkflow run, Random random)
      throws InterruptedException {
    var stub = WorkflowStub.fromTyped(run);
    var end = stub.getResultAsync(Checkpoint.class);
    int what = random.nextInt(4);
    if (what == 0 && !endsWithin(end, random.nextInt(2_500))) {
      stub.cancel("by chance");
    }
    if (what == 1 && !endsWithin(end, random.nextInt(2_500))) {
      pause(run);
    }
    var progress = new Progress(client, stub.getExecution().getWorkflowId());
    while (!endsWithin(end, 1_000)) {
      if (progress.isStuck()) {
        stub.terminate("stuck");
        return false;
      }
      if (progress.isWaiting() && run.status().waitingFor().startsWith("an operator")) {
        ordered(() -> run.unpause(new Unpause("ada", "go on")));
      }
    }
    return true;
  }

  /** A run that is looked at every second. */
  private static final class Progress {
    private final WorkflowClient client;
    private final String run;
    private long last;
    private int looks;

    Progress(WorkflowClient client, String run) {
      this.client = client;
      this.run = run;
    }

    /** Nothing has happened for long; what waits for an operator was let go on. */
    boolean isStuck() {
      var event = client.fetchHistory(run).getLastEvent();
      looks = event.getEventId() == last ? looks + 1 : 0;
      last = event.getEventId();
      return looks >= STUCK_SECONDS;
    }

    boolean isWaiting() {
      return looks > 0;
    }
  }

  /** A stuck server never answers, so nobody waits. */
  private static void pause(TrainWorkflow run) {
    Thread.ofVirtual().start(() -> ordered(() -> run.pause(new Pause("ada", "by chance"))));
  }

  private static void ordered(Runnable order) {
    try {
      order.run();
    } catch (WorkflowException over) {
      // it ended meanwhile, or waits no more
    }
  }

  private static boolean endsWithin(Future<Checkpoint> end, int millis)
      throws InterruptedException {
    try {
      end.get(millis, TimeUnit.MILLISECONDS);
      return true;
    } catch (TimeoutException goesOn) {
      return false;
    } catch (ExecutionException failed) {
      return true;
    }
  }
}
