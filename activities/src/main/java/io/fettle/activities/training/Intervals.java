package io.fettle.activities.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.programs.EventTail;
import io.fettle.activities.training.cadence.CheckpointInterval;
import io.fettle.activities.training.cadence.IntervalFile;
import io.fettle.activities.training.cadence.SavingCosts;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How often one lease's trainer saves. Nothing here may fail a train, and nothing here changes its
 * result: without an interval the trainer keeps its own. Main thread only.
 */
final class Intervals {
  private static final Logger log = LoggerFactory.getLogger(Intervals.class);
  private static final double USUAL_LEAST = 30; // the trainer's own, where its config says nothing
  private static final double USUAL_MOST = 900;
  private static final int LEASES = 20; // of a run that is interrupted often, its newest say enough
  private static final Set<FailureType> INTERRUPTIONS =
      Set.of(
          FailureType.PREEMPTED,
          FailureType.HOST_LOST,
          FailureType.TRAINER_CRASHED,
          FailureType.STALLED,
          FailureType.OUT_OF_MEMORY);

  private final WorkFolder folder;
  private final Ledger ledger;
  private final int lease;
  private final SavingCosts costs;
  private final Duration expectedLife;
  private @Nullable IntervalFile file;

  Intervals(WorkFolder folder, Ledger ledger, int lease, SavingCosts costs, Duration expectedLife) {
    this.folder = folder;
    this.ledger = ledger;
    this.lease = lease;
    this.costs = costs;
    this.expectedLife = expectedLife;
  }

  /** Before the trainer starts, or when it is adopted: what its run has been through counts. */
  void begin() {
    try {
      var limits = Wire.mapper().readTree(folder.config().toFile()).path("checkpoint");
      var formula =
          new CheckpointInterval(
              limits.path("min_seconds").asDouble(USUAL_LEAST),
              limits.path("every_seconds").asDouble(USUAL_MOST),
              expectedLife.toSeconds());
      var next = new IntervalFile(folder.interval(), lease, formula, costs);
      learn(next);
      file = next;
    } catch (IOException | RuntimeException e) {
      log.warn("lease {} keeps its trainer's own interval: {}", lease, e.toString());
    }
    renew();
  }

  private void learn(IntervalFile next) {
    for (int earlier = Math.max(1, lease - LEASES); earlier < lease; earlier++) {
      try {
        next.learn(ledger.events(earlier));
      } catch (IOException e) {
        log.info("what lease {} went through is not known: {}", earlier, e.toString());
      }
    }
    try {
      for (var note : new EventTail(folder.notes()).read()) { // by an earlier agent
        if (note.path("event").asText().equals("published")) {
          costs.published(note);
        }
      }
    } catch (IOException e) {
      log.info("the uploads of lease {} are not known: {}", lease, e.toString());
    }
  }

  void hear(JsonNode event) {
    if (file != null) {
      file.hear(event);
    }
  }

  void renew() {
    if (file == null) {
      return;
    }
    try {
      file.renew().ifPresent(this::note);
    } catch (IOException e) {
      log.warn("the checkpoint interval of lease {} stays: {}", lease, e.toString());
      file = null; // a full disk is told once
    }
  }

  private void note(CheckpointInterval.Choice choice) {
    folder.note(
        "interval",
        event ->
            event
                .put("every_seconds", choice.seconds())
                .put("bound", choice.bound().name().toLowerCase(Locale.ROOT))
                .put("stall_seconds", choice.stall())
                .put("upload_seconds", choice.upload())
                .put("hazard_per_hour", choice.hazardPerHour()));
  }

  /** For the leases that follow: what ended on request is no interruption. */
  void ended(Outcome outcome, Optional<Stop> stop) {
    var interrupted =
        outcome.kind() == Outcome.Kind.FAILED
            && INTERRUPTIONS.contains(outcome.type())
            && stop.filter(standing -> standing.cause() == Stop.Cause.ASKED).isEmpty();
    folder.note(
        "ended",
        event ->
            event
                .put("outcome", outcome.kind().name().toLowerCase(Locale.ROOT))
                .put("type", outcome.type().type())
                .put("interrupted", interrupted));
  }
}
