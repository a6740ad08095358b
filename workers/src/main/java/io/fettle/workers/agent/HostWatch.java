package io.fettle.workers.agent;

import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.training.TrainingHost;
import io.temporal.worker.WorkerFactory;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks again and again at what nobody tells an agent: whether its claim still stands, and whether
 * what a reboot left is saved.
 */
final class HostWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(HostWatch.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(3);
  private static final Duration BETWEEN_QUESTIONS = Duration.ofSeconds(20);

  private final WorkerFactory host;
  private final ClaimGate gate;
  private final HostClaim claim;
  private final Leaving leaving;
  private final TrainingHost training;
  private final Runs runs;
  private final Duration look;
  private final Thread thread;
  private long askedAt = System.nanoTime();

  HostWatch(
      WorkerFactory host,
      ClaimGate gate,
      HostClaim claim,
      Leaving leaving,
      TrainingHost training,
      Runs runs,
      Duration look) {
    this.host = host;
    this.gate = gate;
    this.claim = claim;
    this.leaving = leaving;
    this.training = training;
    this.runs = runs;
    this.look = look;
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
        Thread.sleep(look);
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
      Thread.sleep(AFTER_A_FAILURE);
      return true;
    } catch (InterruptedException e) {
      return false;
    }
  }

  void look() throws IOException {
    lookAtTheClaim();
    lookAtTheEarlierClaim();
    if (!leaving.isLeaving() && isFree() && host.isStarted()) {
      gate.open();
    } else {
      gate.shut();
    }
  }

  private boolean isFree() {
    return claim.current().isEmpty() && claim.earlier().isEmpty();
  }

  private void lookAtTheClaim() throws IOException {
    var standing = claim.current();
    if (standing.isEmpty()) {
      return;
    }
    var run = standing.get().run();
    if (claim.wasReleased()) {
      training.giveBack(run, "the run gave the host back");
    } else if (!isQuestionDue() || !claim.isAbandoned(runs, Instant.now())) {
      return;
    }
    if (isDone(run)) {
      claim.clear();
    }
  }

  /** Its trains were adopted before the first look: those that are missing have ended. */
  private void lookAtTheEarlierClaim() throws IOException {
    var earlier = claim.earlier();
    if (earlier.isEmpty()) {
      return;
    }
    var run = earlier.get().run();
    training.giveBack(run, "the machine rebooted"); // whoever could hear its end may never ask
    if (isDone(run)) {
      claim.endEarlier();
    }
  }

  private boolean isDone(String run) {
    return training.running().stream().noneMatch(train -> train.isOf(run));
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
