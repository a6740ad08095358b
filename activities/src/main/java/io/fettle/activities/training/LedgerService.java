package io.fettle.activities.training;

import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.ledger.Ledger.HeldElsewhere;
import io.fettle.activities.training.ledger.Ledger.Opening;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.FinishedTrain;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.WatchLease;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Clock;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Answers for the ledgers of every run of one store. A store that is away fails the attempt, which
 * is retried.
 */
final class LedgerService implements LedgerActivities {
  private static final Logger log = LoggerFactory.getLogger(LedgerService.class);
  private static final Duration LOOK = Duration.ofSeconds(1);

  private final ObjectStore store;
  private final StepCache steps;

  LedgerService(ObjectStore store, StepCache steps) {
    this.store = store;
    this.steps = steps;
  }

  @Override
  public Optional<Checkpoint> finished(FinishedTrain query) {
    try {
      var recorded = steps.find(new StepKey("train", query.input()), Checkpoint.class);
      return recorded.isPresent() && isThere(recorded.get()) ? recorded : Optional.empty();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isThere(Checkpoint checkpoint) throws IOException {
    try {
      store.read(checkpoint.adapter());
      return true;
    } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject e) {
      log.warn("a finished train is trained again: {}", e.getMessage());
      return false;
    }
  }

  @Override
  public Lease open(OpenLease request) {
    return Beat.during(_ -> opened(request)); // a large checkpoint is read whole first
  }

  private Lease opened(OpenLease request) throws IOException {
    var info = Activity.getExecutionContext().getInfo();
    var holder =
        new LeaseRecord.Holder(info.getNamespace(), info.getWorkflowRunId(), info.getActivityId());
    var ledger = ledger(request.run());
    try {
      var takenOver =
          request.takeOver() ? ledger.newestLease().map(LeaseRecord::number).orElse(0) : 0;
      var opening =
          new Opening(
              holder,
              request.host(),
              request.input(),
              takenOver,
              request.takenOverBy().orElse(null));
      var lease = ledger.open(opening);
      log.info(
          "lease {} of run {} is open on host {}", lease.number(), request.run(), lease.host());
      return answer(ledger, lease);
    } catch (HeldElsewhere e) {
      throw FailureType.HELD_ELSEWHERE.failure(String.valueOf(e.getMessage()));
    }
  }

  private static Lease answer(Ledger ledger, LeaseRecord lease) throws IOException {
    var resumeFrom = Optional.ofNullable(lease.resumeFrom());
    var place = resumeFrom.map(ledger::place);
    return new Lease(
        lease.number(),
        lease.input(),
        lease.host(),
        resumeFrom,
        place.map(p -> Math.toIntExact(p.step())).orElse(0),
        place.map(Ledger.Place::lease).orElse(0),
        Optional.ofNullable(lease.previous()).orElse(0));
  }

  @Override
  public void watchLease(WatchLease watch) {
    var ledger = ledger(watch.run());
    var context = Activity.getExecutionContext();
    var silence = new Silence(watch.leaseTime());
    while (true) {
      context.heartbeat(silence.seconds());
      try {
        if (ledger.ended(watch.lease()) || isSuperseded(ledger, watch)) {
          return;
        }
        if (silence.isOver(ledger.signOfLife(watch.lease()))) {
          log.info("lease {} of run {} has run out", watch.lease(), watch.run());
          return;
        }
      } catch (IOException e) {
        silence.beginAgain(); // with the store away nobody can renew
      }
      pause();
    }
  }

  private static boolean isSuperseded(Ledger ledger, WatchLease watch) throws IOException {
    return ledger.newestLease().filter(newest -> newest.number() > watch.lease()).isPresent();
  }

  private static void pause() {
    try {
      Thread.sleep(LOOK);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw FailureType.STEP_FAILED.failure("the watch was interrupted and begins again");
    }
  }

  private Ledger ledger(String run) {
    return new Ledger(store, run, Clock.systemUTC());
  }

  /** Counts on this process's own clock, from its own first look. */
  private static final class Silence {
    private final Duration limit;
    private String last = "";
    private long since = System.nanoTime();

    Silence(Duration limit) {
      this.limit = limit;
    }

    boolean isOver(String signOfLife) {
      if (!signOfLife.equals(last)) {
        last = signOfLife;
        beginAgain();
      }
      return System.nanoTime() - since > limit.toNanos();
    }

    void beginAgain() {
      since = System.nanoTime();
    }

    long seconds() {
      return Duration.ofNanos(System.nanoTime() - since).toSeconds();
    }
  }
}
