package io.fettle.benchmarks.failures;

import io.fettle.activities.store.StoredObject;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.workflows.run.RunStatus;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.training.Checkpoint;
import io.temporal.api.workflow.v1.PendingActivityInfo;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.regex.Pattern;

/** One run of the training loop, and what can be seen of it from outside. */
final class Training {
  private static final Duration START = Duration.ofMinutes(4);
  private static final Pattern CHECKPOINT = Pattern.compile(".*/(\\d{6,})/(\\d{10,})\\.json");

  private final Rig rig;
  private final String run;
  private final TrainWorkflow stub;

  Training(Rig rig, String run, TrainWorkflow stub) {
    this.rig = rig;
    this.run = run;
    this.stub = stub;
  }

  /** A published checkpoint; {@code at} is when its manifest was put. */
  record Published(int lease, long step, Instant at) {
    static Optional<Published> of(StoredObject object) {
      var match = CHECKPOINT.matcher(object.key());
      return match.matches()
          ? Optional.of(
              new Published(
                  Integer.parseInt(match.group(1)),
                  Long.parseLong(match.group(2)),
                  object.modified()))
          : Optional.empty();
    }
  }

  String run() {
    return run;
  }

  /** For what the benchmark writes of it. */
  Path folder() throws IOException {
    return Files.createDirectories(rig.home().state().resolve("of-" + run));
  }

  Ledger ledger() {
    return new Ledger(rig.store(), run, Clock.systemUTC());
  }

  List<LeaseRecord> leases() throws IOException {
    return ledger().leases();
  }

  /** 0 before the first. */
  int newestLease() throws IOException {
    return ledger().newestLease().map(LeaseRecord::number).orElse(0);
  }

  TrainHost host() throws IOException {
    var newest = ledger().newestLease().orElseThrow();
    return new TrainHost(rig, run, newest.number(), newest.host());
  }

  /** Every manifest, by lease and step. */
  List<Published> published() throws IOException {
    return rig.store().list("runs/" + run + "/checkpoints/").stream()
        .flatMap(object -> Published.of(object).stream())
        .toList();
  }

  List<Published> published(int lease) throws IOException {
    return published().stream().filter(each -> each.lease() == lease).toList();
  }

  /**
   * Until the newest lease has published so many checkpoints of its own.
   *
   * @throws IllegalStateException where that did not come, or the run waits for an operator
   */
  void awaitPublished(int count) throws Exception {
    if (!publishes(count)) {
      throw new IllegalStateException(run + " is parked: " + status().waitingFor());
    }
  }

  /** The same; false where the run waits for an operator before. */
  boolean publishes(int count) throws Exception {
    Waits.must("lease of " + run, START, () -> newestLease() > 0);
    Waits.must("the trainer of " + run, START, () -> host().isTraining() || isParked());
    host().yieldProcessor();
    Waits.must(
        count + " checkpoints of " + run,
        START,
        () -> published(newestLease()).size() >= count || isParked());
    return published(newestLease()).size() >= count;
  }

  /** Asks the run only where no trainer is at work. */
  private boolean isParked() throws IOException {
    return !host().isTraining() && status().waitingFor().startsWith("an operator");
  }

  /** When the server last heard of the train; empty where none is under way. */
  Optional<Instant> heardAt() {
    var service = rig.client().getWorkflowServiceStubs().blockingStub();
    var request =
        DescribeWorkflowExecutionRequest.newBuilder()
            .setNamespace(rig.client().getOptions().getNamespace())
            .setExecution(WorkflowStub.fromTyped(stub).getExecution())
            .build();
    return service.describeWorkflowExecution(request).getPendingActivitiesList().stream()
        .filter(activity -> activity.getActivityType().getName().equals("Train"))
        .filter(PendingActivityInfo::hasLastHeartbeatTime)
        .map(PendingActivityInfo::getLastHeartbeatTime)
        .map(time -> Instant.ofEpochSecond(time.getSeconds(), time.getNanos()))
        .findFirst();
  }

  /** How long ago the server last heard of the train. */
  void awaitContactSince(Instant moment, Duration limit) throws Exception {
    Waits.until(limit, () -> heardAt().filter(moment::isBefore).isPresent());
  }

  RunStatus status() {
    return stub.status();
  }

  Checkpoint result(Duration limit) throws Exception {
    return WorkflowStub.fromTyped(stub)
        .getResult(limit.toSeconds(), TimeUnit.SECONDS, Checkpoint.class);
  }

  /** How it ends, where it may fail. */
  WorkflowStub workflow() {
    return WorkflowStub.fromTyped(stub);
  }

  /** It gives nothing back then: the reconciler has to, in time. */
  void terminate() throws Exception {
    WorkflowStub.fromTyped(stub).terminate("the benchmark has seen enough");
    rig.awaitHostsOf(run);
  }
}
