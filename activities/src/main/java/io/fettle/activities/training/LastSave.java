package io.fettle.activities.training;

import io.fettle.activities.training.cadence.SavingCosts;
import io.fettle.activities.training.ledger.Ledger.Superseded;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A lease's last checkpoint: whether there is time for one, and its way into the store. */
final class LastSave {
  private static final Logger log = LoggerFactory.getLogger(LastSave.class);
  private static final Duration NO_LIMIT = Duration.ofDays(1);
  private static final Duration LAST_PUBLISH = Duration.ofMinutes(2);
  private static final Duration PAUSE = Duration.ofSeconds(1);

  private final WorkFolder folder;
  private final int lease;
  private final Publisher publisher;
  private final StandingStop stops;
  private final SavingCosts costs;

  LastSave(
      WorkFolder folder, int lease, Publisher publisher, StandingStop stops, SavingCosts costs) {
    this.folder = folder;
    this.lease = lease;
    this.publisher = publisher;
    this.stops = stops;
    this.costs = costs;
  }

  /** Publishes the newest checkpoint, unless the store stays away. */
  void publish() throws InterruptedException {
    var end = System.nanoTime() + LAST_PUBLISH.toNanos();
    while (!publishNewest(NO_LIMIT) && System.nanoTime() < end) {
      Thread.sleep(PAUSE);
    }
  }

  /**
   * Whether one more checkpoint, and all of its upload, fits what is left of a notice. Said before
   * anything of it is written; the one before is kept either way.
   */
  boolean canSave() {
    var estimate = costs.estimate();
    var left = stops.left().toMillis() / 1e3;
    var fits = estimate.total() <= left;
    folder.note(
        "drain",
        event ->
            event
                .put("asked", fits)
                .put("left_seconds", left)
                .put("step_seconds", estimate.step())
                .put("write_seconds", estimate.write())
                .put("upload_seconds", estimate.upload()));
    log.info(
        "lease {}: {}, estimate {} s (step {}, write {}, upload {}) of {} s left; step {} is published",
        lease,
        fits ? "a last checkpoint is asked for" : "no last checkpoint, it would not fit",
        rounded(estimate.total()),
        rounded(estimate.step()),
        rounded(estimate.write()),
        rounded(estimate.upload()),
        rounded(left),
        publisher.publishedStep());
    return fits;
  }

  /** What lies here whole and can be in the store before the host ends. */
  void publishIfItFits() throws InterruptedException {
    do {
      if (!uploadFits() || publishNewest(stops.left())) {
        return;
      }
      Thread.sleep(PAUSE);
    } while (!stops.left().isZero());
  }

  private boolean uploadFits() {
    var newest = newest();
    var needed = newest.isPresent() ? publisher.stillNeeds(newest.get()) : 0;
    var left = stops.left().toMillis() / 1e3;
    if (needed <= left) {
      return true;
    }
    log.info(
        "lease {}: the checkpoint of step {} is not published, its upload would take {} s of {} s left",
        lease,
        newest.orElse(0L),
        rounded(needed),
        rounded(left));
    return false;
  }

  private static double rounded(double seconds) {
    return Math.round(seconds * 10) / 10.0;
  }

  private Optional<Long> newest() {
    try {
      return folder.steps().stream()
          .reduce((_, later) -> later)
          .filter(step -> step > publisher.publishedStep());
    } catch (IOException e) {
      log.warn("the checkpoints of lease {} cannot be listed: {}", lease, e.toString());
      return Optional.empty();
    }
  }

  /** False where the store did not take it yet. */
  private boolean publishNewest(Duration limit) throws InterruptedException {
    var step = newest();
    if (step.isEmpty()) {
      return true;
    }
    try {
      publisher.publishWithin(step.get(), limit);
      return true;
    } catch (Superseded e) {
      log.info("step {} of lease {} is not wanted: {}", step.get(), lease, e.getMessage());
      return true;
    } catch (IOException e) {
      log.warn("the last checkpoint of lease {} waits for the store: {}", lease, e.getMessage());
      return false;
    }
  }
}
