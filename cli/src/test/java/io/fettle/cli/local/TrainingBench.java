package io.fettle.cli.local;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.run.Pace;
import io.fettle.workflows.run.RunStatus;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.run.TrainWorkflowImpl;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.api.enums.v1.WorkflowIdReusePolicy;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.PauseActivityRequest;
import io.temporal.api.workflowservice.v1.ResetActivityRequest;
import io.temporal.api.workflowservice.v1.ResetWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.UnpauseActivityRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A home of its own with the real processes, the tiny model in its store, and a worker for {@link
 * TrainWorkflow}.
 */
final class TrainingBench {
  static final int STEPS = 300;
  private static final String QUEUE = "training-bench";
  private static final Duration SOON = Duration.ofMinutes(8);

  private final LocalCluster cluster;
  private final ObjectStore store;
  private final TemporalConnection connection;
  private final WorkerFactory worker;
  private final Environments environments;
  private final Reference model;
  private final Path scratch;

  TrainingBench(Path folder) throws Exception {
    this(folder, Map.of());
  }

  /**
   * @param settings environment variables of all its processes
   */
  TrainingBench(Path folder, Map<String, String> settings) throws Exception {
    scratch = Files.createDirectories(folder.resolve("scratch"));
    var own = Home.current();
    environments = new Environments(Environments.Options.of(own.root(), own.path()));
    environments.python("train");
    Files.createSymbolicLink(folder.resolve("envs"), own.environments());
    var made = tinyModel(); // before anything runs that would be left behind
    cluster = LocalCluster.current(Progress.silent()).isolated(folder, settings);
    connection = cluster.ensureUp();
    store = cluster.store().open();
    model = Staging.uploadTree(store, made, ObjectStore.OBJECTS);
    worker = Pollers.factory(connection.client(), 10);
    worker.newWorker(QUEUE).registerWorkflowImplementationTypes(TrainWorkflowImpl.class);
    worker.start();
  }

  Home home() {
    return cluster.home();
  }

  private Path tinyModel() throws Exception {
    var out = scratch.resolve("model");
    var work = Files.createDirectories(scratch.resolve("tiny"));
    var config = work.resolve("tiny.json");
    Files.write(config, Wire.mapper().writeValueAsBytes(Map.of("out", out.toString(), "seed", 1)));
    var arguments = List.of("tiny", "--config", config.toString(), "--workdir", work.toString());
    var exit =
        Program.start(environments.module("train", work, "fettle_trainer", arguments)).await(SOON);
    if (!(exit.orElseThrow() instanceof Program.Exit.Returned(int code, var _, var _))
        || code != 0) {
      throw new IOException(
          "the tiny model was not made: " + Files.readString(work.resolve("stderr.log")));
    }
    return out;
  }

  /** Rows that differ with their flavour. */
  Reference rows(String flavour) throws IOException {
    var folder = Files.createDirectories(scratch.resolve("rows-" + flavour));
    var lines = new ArrayList<String>();
    for (int row = 0; row < 24; row++) {
      var answer = "answer %s %d".formatted(flavour, row % 4);
      var turns =
          List.of(turn("user", "question number %d".formatted(row)), turn("assistant", answer));
      lines.add(Wire.mapper().writeValueAsString(Map.of("id", "r" + row, "messages", turns)));
    }
    Files.write(folder.resolve("train.jsonl"), lines);
    return Staging.uploadTree(store, folder, ObjectStore.OBJECTS);
  }

  /** The same rows in shards of eight. */
  Reference shards(String flavour) throws IOException {
    rows(flavour);
    var folder = scratch.resolve("rows-" + flavour);
    var rows = Files.readAllLines(folder.resolve("train.jsonl"));
    var names = new ArrayList<Map<String, Object>>();
    Files.createDirectories(folder.resolve("train"));
    for (int from = 0; from < rows.size(); from += 8) {
      var name = "%05d.jsonl".formatted(names.size());
      Files.write(folder.resolve("train").resolve(name), rows.subList(from, from + 8));
      names.add(Map.of("name", name, "rows", 8));
    }
    Files.write(
        folder.resolve("train/index.json"),
        Wire.mapper().writeValueAsBytes(Map.of("shards", names)));
    Files.write(folder.resolve("train.jsonl"), rows.subList(0, 8));
    return Staging.uploadTree(store, folder, ObjectStore.OBJECTS);
  }

  private static Map<String, String> turn(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  private Reference training(int steps) throws IOException {
    var config = Wire.mapper().createObjectNode();
    config.put("tuning", "lora").put("precision", "fp32").put("max_length", 128).put("threads", 1);
    config
        .put("global_batch_size", 4)
        .put("micro_batch_size", 4)
        .put("gradient_checkpointing", false);
    config
        .put("learning_rate", 2e-4)
        .put("num_epochs", steps / 6.0)
        .put("max_steps", steps)
        .put("seed", 7);
    config.putObject("lora").put("r", 4).put("alpha", 8);
    config
        .putObject("checkpoint")
        .put("every_steps", 20)
        .put("every_seconds", 900)
        .put("min_seconds", 0);
    return store.putBlob(Wire.mapper().writeValueAsBytes(config));
  }

  private static Plan plan(Reference config) {
    return TrainWorkflow.Request.plan(
        config, "tiny / kill test / lora r4", Duration.ofMinutes(15), 2, 4);
  }

  Run start(String run, Reference dataset) throws IOException {
    return start(run, dataset, STEPS);
  }

  Run start(String run, Reference dataset, int steps) throws IOException {
    return start(run, dataset, steps, QUEUE);
  }

  Run start(String run, Reference dataset, int steps, String queue) throws IOException {
    var training = training(steps);
    var input =
        StepKey.of("train", Map.of("run", run, "training", training, "dataset", dataset), "")
            .hash();
    var options =
        WorkflowOptions.newBuilder()
            .setTaskQueue(queue)
            .setWorkflowId(run)
            .setWorkflowIdReusePolicy(
                WorkflowIdReusePolicy.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE)
            .build();
    var stub = connection.client().newWorkflowStub(TrainWorkflow.class, options);
    WorkflowClient.start(
        stub::run,
        new TrainWorkflow.Request(plan(training), input, training, model, dataset, Pace.SHIPPED));
    return new Run(run, stub);
  }

  /** Of one's own making, in place of the one worker that every other run is for. */
  Builds builds() {
    return new Builds(connection.client());
  }

  /** {@code kill -9}; the supervisor starts the process again. */
  void kill(String process) {
    var before = ProcessFile.read(home(), process).orElseThrow();
    before.id().find().orElseThrow().destroyForcibly();
    must("another " + process, () -> isAnother(process, before));
  }

  private boolean isAnother(String process, ProcessFile before) {
    var now = ProcessFile.read(home(), process).orElseThrow();
    return now.pid() != before.pid() && now.state() == ProcessFile.State.UP;
  }

  interface Condition {
    boolean holds() throws Exception;
  }

  void must(String what, Condition condition) {
    if (!Waiting.until(SOON, () -> holds(condition))) {
      throw new AssertionError(what + " did not come within " + SOON);
    }
  }

  private static boolean holds(Condition condition) {
    try {
      return condition.holds();
    } catch (Exception e) {
      throw new AssertionError(e);
    }
  }

  Path claimOf(String host) {
    return home().hosts().resolve(host).resolve("claim.json");
  }

  String shapeOf(String host) throws IOException {
    return PoolHost.all(home()).stream()
        .filter(each -> each.host().equals(host))
        .findFirst()
        .orElseThrow()
        .shape();
  }

  /** That its agent, and so its trainer, may run on; "unknown" where this machine does not say. */
  String coresOf(String host) throws IOException {
    var agent = ProcessFile.read(home(), "agent-" + host).orElseThrow();
    var status = Path.of("/proc", Long.toString(agent.pid()), "status");
    if (!Files.exists(status)) {
      return "unknown";
    }
    return Files.readAllLines(status).stream()
        .filter(line -> line.startsWith("Cpus_allowed_list:"))
        .map(line -> line.substring(line.indexOf(':') + 1).strip())
        .findFirst()
        .orElse("unknown");
  }

  /** One run of {@link TrainWorkflow}. */
  final class Run {
    private final String run;
    private final TrainWorkflow stub;

    Run(String run, TrainWorkflow stub) {
      this.run = run;
      this.stub = stub;
    }

    void awaitCheckpoint() {
      must("a published checkpoint", () -> !checkpoints().isEmpty());
    }

    private List<?> checkpoints() throws IOException {
      return store.list("runs/" + run + "/checkpoints/");
    }

    String host(int lease) throws IOException {
      return leases().get(lease - 1).host();
    }

    Program trainer(int lease) throws IOException {
      return Program.adopt(work(lease)).orElseThrow();
    }

    /** Where its trainer works. */
    Path work(int lease) throws IOException {
      var name = "%s-%06d".formatted(run, lease);
      return home().hosts().resolve(host(lease)).resolve("work").resolve(name);
    }

    List<LeaseRecord> leases() throws IOException {
      return new Ledger(store, run, Clock.systemUTC()).leases();
    }

    boolean hasExited(int lease) throws IOException {
      return trainer(lease).exit().isPresent();
    }

    WorkflowStub workflow() {
      return WorkflowStub.fromTyped(stub);
    }

    TrainWorkflow orders() {
      return stub;
    }

    /** The run, whichever execution it has come to. */
    RunStatus status() {
      return connection.client().newWorkflowStub(TrainWorkflow.class, run).status();
    }

    Checkpoint lastResult() throws Exception {
      return connection
          .client()
          .newUntypedWorkflowStub(run)
          .getResult(SOON.toSeconds(), TimeUnit.SECONDS, Checkpoint.class);
    }

    Activity train() {
      return new Activity(connection.client(), workflow().getExecution());
    }

    Checkpoint result() throws Exception {
      return WorkflowStub.fromTyped(stub)
          .getResult(SOON.toSeconds(), TimeUnit.SECONDS, Checkpoint.class);
    }
  }

  /** The run's pending train, as {@code temporal activity} and the Temporal UI see it. */
  static final class Activity {
    private final WorkflowExecution execution;
    private final String namespace;
    private final WorkflowServiceGrpc.WorkflowServiceBlockingStub server;

    Activity(WorkflowClient client, WorkflowExecution execution) {
      this.execution = execution;
      this.namespace = client.getOptions().getNamespace();
      this.server = client.getWorkflowServiceStubs().blockingStub();
    }

    void pause() {
      server.pauseActivity(
          PauseActivityRequest.newBuilder()
              .setNamespace(namespace)
              .setExecution(execution)
              .setType("Train")
              .setReason("test")
              .build());
    }

    void unpause() {
      server.unpauseActivity(
          UnpauseActivityRequest.newBuilder()
              .setNamespace(namespace)
              .setExecution(execution)
              .setType("Train")
              .build());
    }

    void reset() {
      server.resetActivity(
          ResetActivityRequest.newBuilder()
              .setNamespace(namespace)
              .setExecution(execution)
              .setType("Train")
              .build());
    }

    PendingActivityState state() {
      return server
          .describeWorkflowExecution(
              DescribeWorkflowExecutionRequest.newBuilder()
                  .setNamespace(namespace)
                  .setExecution(execution)
                  .build())
          .getPendingActivities(0)
          .getState();
    }

    /** As {@code temporal workflow reset --type FirstWorkflowTask}. */
    void resetTheWorkflow() {
      server.resetWorkflowExecution(
          ResetWorkflowExecutionRequest.newBuilder()
              .setNamespace(namespace)
              .setWorkflowExecution(execution)
              .setReason("test")
              .setRequestId(execution.getRunId())
              .setWorkflowTaskFinishEventId(4)
              .build());
    }
  }

  void close() throws InterruptedException {
    worker.shutdownNow();
    connection.close();
    cluster.down();
  }
}
