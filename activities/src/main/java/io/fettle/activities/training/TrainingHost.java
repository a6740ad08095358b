package io.fettle.activities.training;

import io.fettle.activities.programs.Program;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.Stop.Cause;
import io.fettle.workflows.training.HostControlActivities;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.StagingActivities;
import io.fettle.workflows.training.TrainerActivities;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.FailureType;
import io.temporal.client.WorkflowClient;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The trainers of one host. An agent makes one, lets it adopt what an earlier agent left, and only
 * then polls. Closing it leaves every trainer running for the next agent.
 */
public final class TrainingHost implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(TrainingHost.class);

  private final HostOptions options;
  private final Claims claims;
  private final HostParts parts;
  private final Map<String, Supervision> running = new ConcurrentHashMap<>();
  private volatile @Nullable Departure departure;

  private record Departure(String reason, long endNanos) {
    Duration left() {
      return Duration.ofNanos(endNanos - System.nanoTime());
    }
  }

  /** Whether this host is claimed by that acquisition. */
  @FunctionalInterface
  public interface Claims {
    boolean isHeldBy(String token);
  }

  /** The trainer's command line; a back end is another command with the same contract. */
  @FunctionalInterface
  public interface TrainerCommand {
    Program.Spec of(Path config, Path workdir) throws IOException, InterruptedException;
  }

  /** A train that this host supervises. */
  public record Running(String run, String workflow, String workflowRun, int lease) {
    /** Whether it is that run's, or of a ledger beside the run's own. */
    public boolean isOf(String someRun) {
      return someRun.equals(run) || someRun.equals(workflow);
    }
  }

  public TrainingHost(
      HostOptions options,
      ObjectStore store,
      StepCache steps,
      WorkflowClient client,
      Claims claims,
      TrainerCommand command) {
    this(options, store, steps, new ServerContact(client), claims, command);
  }

  TrainingHost(
      HostOptions options,
      ObjectStore store,
      StepCache steps,
      Contact contact,
      Claims claims,
      TrainerCommand command) {
    this.options = options;
    this.claims = claims;
    this.parts =
        new HostParts(
            options,
            store,
            steps,
            contact,
            command,
            new Inputs(store, options.directory(), options.streamAbove()),
            this::forget);
  }

  /** The ledger's activities, which any worker with the store can answer. */
  public static LedgerActivities ledger(ObjectStore store, StepCache steps) {
    return new LedgerService(store, steps);
  }

  public TrainerActivities trainer() {
    return new TrainActivity(this);
  }

  public StagingActivities staging() {
    return new StageActivity(parts.inputs(), claims);
  }

  public HostControlActivities control() {
    return new ControlActivity(this);
  }

  /**
   * Goes on with every train that an earlier agent of this host left. To be called before the first
   * poll.
   */
  public void adopt() throws IOException {
    for (var folder : WorkFolder.open(options.directory())) {
      var assignment = folder.assignment();
      if (assignment.isPresent()) {
        log.info("lease {} of run {} goes on", assignment.get().lease(), assignment.get().run());
        supervise(folder, assignment.get());
      }
    }
  }

  /** The host ends after that time: every trainer saves and stops, and none starts. */
  public void leave(String reason, Duration window) {
    departure = new Departure(reason, System.nanoTime() + window.toNanos());
    running.values().forEach(this::stopForNotice);
  }

  private void stopForNotice(Supervision supervision) {
    var standing = departure;
    if (standing != null) {
      supervision.stop(
          Cause.NOTICE,
          "host %s was told to leave: %s".formatted(options.host(), standing.reason()),
          standing.left().minus(options.noticeMargin()));
    }
  }

  /** The host may be taken soon: every trainer saves at its next step boundary and goes on. */
  public void saveSoon() {
    running.values().forEach(Supervision::saveSoon);
  }

  /** The payer gave the host back: nothing of that run goes on here. */
  public void giveBack(String run, String reason) {
    running.values().stream()
        .filter(supervision -> supervision.assignment().isOf(run))
        .forEach(supervision -> supervision.giveBack(reason));
  }

  public List<Running> running() {
    return running.values().stream()
        .map(Supervision::assignment)
        .map(a -> new Running(a.run(), a.workflow(), a.workflowRun(), a.lease()))
        .toList();
  }

  /** Starts or adopts the train of this lease, and answers it through this token from now on. */
  synchronized void ensure(Assignment assignment, byte[] token) throws IOException {
    refuseUnclaimed(assignment.job());
    var folder = WorkFolder.of(options.directory(), assignment.run(), assignment.lease());
    if (departure != null && !isBegun(assignment, folder)) {
      throw FailureType.PREEMPTED.failure("host %s was told to leave".formatted(options.host()));
    }
    folder.write(assignment);
    folder.writeToken(token);
    supervise(folder, assignment);
  }

  Optional<Supervision> supervision(String run, int lease) {
    return Optional.ofNullable(running.get(key(run, lease)));
  }

  WorkFolder folder(String run, int lease) {
    return WorkFolder.of(options.directory(), run, lease);
  }

  HostOptions options() {
    return options;
  }

  /**
   * Its trainer may still save, or has ended: whoever asks again, since an agent died say, is told
   * how far it came.
   */
  private boolean isBegun(Assignment assignment, WorkFolder folder) throws IOException {
    return running.containsKey(key(assignment.run(), assignment.lease()))
        || folder.outcome().isPresent();
  }

  private void refuseUnclaimed(TrainingJob job) {
    if (!claims.isHeldBy(job.token())) {
      throw FailureType.HOST_BUSY.failure(
          "host %s is not claimed by run %s".formatted(options.host(), job.run()));
    }
  }

  private synchronized void supervise(WorkFolder folder, Assignment assignment) throws IOException {
    var key = key(assignment.run(), assignment.lease());
    if (running.containsKey(key) && !folder.isClosed()) {
      return; // it reads the newest token by itself; one that is only tidying up no longer does
    }
    var supervision = new Supervision(parts, folder, assignment);
    running.put(key, supervision);
    stopForNotice(supervision);
    supervision.begin();
  }

  private synchronized void forget(Supervision supervision) {
    running.values().remove(supervision);
  }

  private static String key(String run, int lease) {
    return run + "/" + lease;
  }

  @Override
  public void close() {
    running.values().forEach(Supervision::detach);
  }
}
