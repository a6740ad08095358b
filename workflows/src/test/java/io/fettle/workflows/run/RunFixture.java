package io.fettle.workflows.run;

import static io.fettle.workflows.run.FakeGpus.reference;

import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.plan.PlanRequest;
import io.fettle.workflows.serving.DeployWorkflowImpl;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import io.temporal.worker.Worker;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** The in-memory server with a control worker and a worker for each host's queues. */
final class RunFixture implements AutoCloseable {
  private static final String RUN = "triage-0123abcd";

  final FakeGpus gpus;
  final FakeSteps steps;
  private final TestWorkflowEnvironment server;

  RunFixture(int maxSteps) {
    gpus = new FakeGpus(maxSteps);
    steps = new FakeSteps(maxSteps);
    server = server();
    SearchAttributes.ALL.forEach(
        key -> server.registerSearchAttribute(key.getName(), key.getValueType()));
    Worker control = server.newWorker(TaskQueues.CONTROL);
    control.registerWorkflowImplementationTypes(
        FineTuneWorkflowImpl.class, TrainWorkflowImpl.class);
    control.registerActivitiesImplementations(gpus, steps);
    server.newWorker(TaskQueues.CPU).registerActivitiesImplementations(steps);
    server.newWorker(TaskQueues.pool("local", "cpu")).registerActivitiesImplementations(gpus);
    for (String host : FakeGpus.HOSTS) {
      server.newWorker(TaskQueues.host(host, "1")).registerActivitiesImplementations(gpus, steps);
      server
          .newWorker(TaskQueues.hostControl(host, "1"))
          .registerActivitiesImplementations(gpus, steps);
    }
    server.start();
  }

  static TestWorkflowEnvironment server() {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Wire.dataConverter()).build())
            .build());
  }

  FineTuneWorkflow start() {
    return start(false);
  }

  FineTuneWorkflow start(boolean fresh) {
    return start(RunRequest.of("triage", reference("spec"), reference("criteria"), fresh));
  }

  FineTuneWorkflow startTakingOver(TakeOver by) {
    return start(
        RunRequest.of("triage", reference("spec"), reference("criteria"), false).takingOver(by));
  }

  FineTuneWorkflow startForAdvice() {
    return start(
        RunRequest.of("triage", reference("spec"), reference("criteria"), false).forAdvice());
  }

  /** As this release starts one. */
  FineTuneWorkflow startTagged() {
    var tags =
        io.temporal.common.SearchAttributes.newBuilder()
            .set(SearchAttributes.DATASET, SearchAttributes.NO_DATASET)
            .build();
    return start(
        RunRequest.of("triage", reference("spec"), reference("criteria"), false),
        options().setTypedSearchAttributes(tags).build());
  }

  private FineTuneWorkflow start(RunRequest request) {
    return start(request, options().build());
  }

  private FineTuneWorkflow start(RunRequest request, WorkflowOptions options) {
    FineTuneWorkflow run =
        server.getWorkflowClient().newWorkflowStub(FineTuneWorkflow.class, options);
    io.temporal.client.WorkflowClient.start(run::run, request);
    return run;
  }

  private static WorkflowOptions.Builder options() {
    return WorkflowOptions.newBuilder()
        .setWorkflowId(RUN)
        .setTaskQueue(TaskQueues.CONTROL)
        .setWorkflowExecutionTimeout(Duration.ofDays(30));
  }

  /** The training loop alone, at another pace: time is not skipped while a trainer works. */
  TrainWorkflow startTrain(Pace pace) {
    var plan = steps.plan(new PlanRequest(RUN, "execution", reference("spec"), reference("base")));
    TrainWorkflow run =
        server.getWorkflowClient().newWorkflowStub(TrainWorkflow.class, options().build());
    io.temporal.client.WorkflowClient.start(
        run::run,
        new TrainWorkflow.Request(
            plan, "input", reference("training"), reference("base"), reference("data"), pace));
    return run;
  }

  /** What the run set a search attribute to, in JSON. */
  List<String> tags(String attribute) {
    return history().getEvents().stream()
        .filter(event -> event.hasUpsertWorkflowSearchAttributesEventAttributes())
        .map(event -> event.getUpsertWorkflowSearchAttributesEventAttributes())
        .map(event -> event.getSearchAttributes().getIndexedFieldsMap())
        .filter(tags -> tags.containsKey(attribute))
        .map(tags -> tags.get(attribute).getData().toStringUtf8())
        .toList();
  }

  /** Where activities of a type were scheduled, in their order. */
  List<String> queuesOf(String activity) {
    return history().getEvents().stream()
        .filter(event -> event.hasActivityTaskScheduledEventAttributes())
        .map(event -> event.getActivityTaskScheduledEventAttributes())
        .filter(scheduled -> scheduled.getActivityType().getName().equals(activity))
        .map(scheduled -> scheduled.getTaskQueue().getName())
        .toList();
  }

  /** How long each timer was set to, in order. */
  List<Duration> timers() {
    return history().getEvents().stream()
        .filter(event -> event.hasTimerStartedEventAttributes())
        .map(event -> event.getTimerStartedEventAttributes().getStartToFireTimeout())
        .map(time -> Duration.ofSeconds(time.getSeconds(), time.getNanos()))
        .toList();
  }

  /** The run's result; its history is replayed against the code that wrote it. */
  RunRecord result(FineTuneWorkflow run) {
    RunRecord record = WorkflowStub.fromTyped(run).getResult(RunRecord.class);
    replay();
    return record;
  }

  RunRecord finish() {
    return result(start());
  }

  /** With {@code -Dhistories.write=true}, keeps this run's history for ever. */
  void keepHistory(String name) throws IOException {
    var started = history().getEvents().getFirst().getWorkflowExecutionStartedEventAttributes();
    Path file =
        Path.of("src/test/resources/histories/0.1", started.getWorkflowType().getName())
            .resolve(name + ".json");
    if (Boolean.getBoolean("histories.write") && !Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, history().toJson(true) + "\n");
    }
  }

  void replay() {
    try {
      replay(history());
    } catch (Exception mismatch) {
      throw new AssertionError("the history does not replay", mismatch);
    }
  }

  /** The number of events of that execution and of each that it continued as. */
  List<Integer> histories(String first) {
    List<Integer> sizes = new ArrayList<>();
    String execution = first;
    while (!execution.isEmpty()) {
      var history = server.getWorkflowClient().fetchHistory(RUN, execution);
      sizes.add(history.getEvents().size());
      execution =
          history
              .getLastEvent()
              .getWorkflowExecutionContinuedAsNewEventAttributes()
              .getNewExecutionRunId();
    }
    return sizes;
  }

  /** With the product's own converter, which reads what other releases wrote. */
  static void replay(WorkflowExecutionHistory history) throws Exception {
    try (var fresh = server()) {
      WorkflowReplayer.replayWorkflowExecution(
          history,
          fresh,
          FineTuneWorkflowImpl.class,
          TrainWorkflowImpl.class,
          DeployWorkflowImpl.class);
    }
  }

  WorkflowExecutionHistory history() {
    return server.getWorkflowClient().fetchHistory(RUN);
  }

  /** Waits in real time, since a run that waits for people skips through its deadlines. */
  void until(BooleanSupplier holds) {
    long end = System.nanoTime() + Duration.ofSeconds(30).toNanos();
    while (!holds.getAsBoolean()) {
      if (System.nanoTime() > end) {
        throw new AssertionError("it did not come within 30 s");
      }
      LockSupport.parkNanos(20_000_000);
    }
  }

  void sleep(Duration skipped) {
    server.sleep(skipped);
  }

  @Override
  public void close() {
    server.close();
  }
}
