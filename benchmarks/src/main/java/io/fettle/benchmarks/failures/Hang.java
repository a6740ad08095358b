package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.time.Duration;
import java.util.List;

/** Stops a trainer alone, while it says that it is in a phase; its agent lives on. */
record Hang(TrainHost host) {
  private static final Duration PATIENCE = Duration.ofMinutes(4);
  private static final Duration LOOK = Duration.ofMillis(2);
  private static final Duration STOPPED = Duration.ofMillis(200);

  /**
   * @throws IllegalStateException where it was never met in that phase
   */
  void in(String phase) throws Exception {
    long end = System.nanoTime() + PATIENCE.toNanos();
    while (!stoppedIn(phase)) {
      if (System.nanoTime() - end > 0) {
        throw new IllegalStateException(host.run() + " was never met in phase " + phase);
      }
      Thread.sleep(LOOK);
    }
  }

  /** It may have gone on between the look and the signal: then it goes on. */
  private boolean stoppedIn(String phase) throws IOException, InterruptedException {
    if (!phase(host.events()).equals(phase)) {
      return false;
    }
    host.signalTrainer("-STOP");
    Thread.sleep(STOPPED);
    boolean met = phase(host.events()).equals(phase);
    if (!met) {
      host.signalTrainer("-CONT");
    }
    return met;
  }

  /** As the newest event says: one that names no phase is told between two steps. */
  static String phase(List<JsonNode> events) {
    if (events.isEmpty()) {
      return "load";
    }
    var newest = events.getLast();
    return newest.path("phase").asText("step");
  }
}
