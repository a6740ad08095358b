package io.fettle.workers.agent;

import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.capacity.PreemptionSignal;
import io.fettle.activities.capacity.PreemptionSignal.Notice;
import io.fettle.activities.training.TrainingHost;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks several times a second at what nobody tells an agent: notices, and whether its claim still
 * stands.
 */
final class HostWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration LOOK = Duration.ofMillis(300);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(20);

  private final WorkerFactory host;
  private final ClaimGate gate;
  private final HostClaim claim;
  private final PreemptionSignal signal;
  private final TrainingHost training;
  private final RunLookup runs;
  private final Thread thread;
  private @Nullable Notice noticed;
  private long askedAt = System.nanoTime();

  HostWatch(
      WorkerFactory host,
      ClaimGate gate,
      HostClaim claim,
      PreemptionSignal signal,
      TrainingHost training,
      RunLookup runs) {
    this.host = host;
    this.gate = gate;
    this.claim = claim;
    this.signal = signal;
    this.training = training;
    this.runs = runs;
    this.thread = Thread.ofPlatform().daemon().name("host-watch").unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    while (!Thread.currentThread().isInterrupted()) {
      try {
        look();
        Thread.sleep(LOOK);
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) { // tried again at the next look
        log.warn("the host's state cannot be read: {}", e.toString());
        if (!pause()) {
          return;
        }
      }
    }
  }

  private static boolean pause() {
    try {
      Thread.sleep(LOOK.multipliedBy(10));
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  private void look() throws IOException {
    lookForANotice();
    lookAtTheClaim();
    if (noticed == null && claim.current().isEmpty() && host.isStarted()) {
      gate.open();
    } else {
      gate.shut();
    }
  }

  private void lookForANotice() throws IOException {
    var notice = signal.notice();
    if (notice.isEmpty() || notice.get().equals(noticed)) {
      return;
    }
    noticed = notice.get();
    log.info("this host was told to leave by {}", noticed.end());
    gate.shut();
    training.leave(noticed.end());
    var left = Duration.between(Instant.now(), noticed.end());
    training.running().forEach(train -> runs.tellNotice(train, left));
  }

  private void lookAtTheClaim() throws IOException {
    var standing = claim.current();
    if (standing.isEmpty()) {
      return;
    }
    var run = standing.get().run();
    if (claim.wasReleased()) {
      training.giveBack(run, "the run gave the host back");
    } else if (!isQuestionDue() || !runs.isOver(run, standing.get().workflowRun())) {
      return;
    }
    if (training.running().stream().noneMatch(train -> train.run().equals(run))) {
      claim.clear();
    }
  }

  /** A run that was terminated gives nothing back. */
  private boolean isQuestionDue() {
    if (System.nanoTime() - askedAt < BETWEEN_QUESTIONS.toNanos()) {
      return false;
    }
    askedAt = System.nanoTime();
    return true;
  }
}
