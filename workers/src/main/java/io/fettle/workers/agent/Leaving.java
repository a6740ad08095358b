package io.fettle.workers.agent;

import io.fettle.activities.training.TrainingHost;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What an agent does when its host must leave, in this order: it takes no further claim, its
 * trainers save and stop, and only then the runs are told, for that may take a while.
 */
final class Leaving implements NoticeWatch.Listener {
  private static final Logger log = LoggerFactory.getLogger(Leaving.class);

  private final ClaimGate gate;
  private final TrainingHost training;
  private final RunLookup runs;
  private volatile boolean leaving;

  Leaving(ClaimGate gate, TrainingHost training, RunLookup runs) {
    this.gate = gate;
    this.training = training;
    this.runs = runs;
  }

  boolean isLeaving() {
    return leaving;
  }

  @Override
  public void leave(String reason, Duration window) {
    leaving = true;
    log.info("this host was told to leave within {} s: {}", window.toSeconds(), reason);
    gate.shut();
    var trains = training.running();
    training.leave(reason, window);
    trains.forEach(train -> runs.tellNotice(train, reason, window));
  }

  @Override
  public void atRisk(String reason) {
    log.info("this host may be taken soon: {}; its trainers save once more and go on", reason);
    training.saveSoon();
  }
}
