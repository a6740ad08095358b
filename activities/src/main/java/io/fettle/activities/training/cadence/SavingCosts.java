package io.fettle.activities.training.cadence;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayDeque;
import java.util.OptionalDouble;

/**
 * What one run's checkpoints were seen to take. Of each kind the slower of the last two counts: one
 * lucky measurement must not promise what the next cannot keep. Seconds; safe for use by several
 * threads.
 */
public final class SavingCosts {
  private final Kind step = new Kind();
  private final Kind write = new Kind();
  private final Kind wait = new Kind();
  private final Kind upload = new Kind();

  /** Until the next step boundary, to write there, and to bring the checkpoint into the store. */
  public record Estimate(double step, double write, double upload) {
    public double total() {
      return step + write + upload;
    }
  }

  private static final class Kind {
    private final ArrayDeque<Double> seen = new ArrayDeque<>();

    void add(double seconds) {
      if (!(seconds >= 0)) {
        return; // an event of another trainer may lack it
      }
      seen.addLast(seconds);
      if (seen.size() > 2) {
        seen.removeFirst();
      }
    }

    OptionalDouble slower() {
      return seen.stream().mapToDouble(Double::doubleValue).max();
    }
  }

  public synchronized void stepped(double seconds) {
    step.add(seconds);
  }

  public synchronized void wrote(double seconds) {
    write.add(seconds);
  }

  /**
   * A checkpoint came into the store.
   *
   * @param waited from the write until the upload began: for the one before, or for a look
   */
  public synchronized void published(double waited, double uploaded) {
    wait.add(waited);
    upload.add(uploaded);
  }

  /** The same, as it was noted. */
  public void published(JsonNode event) {
    published(
        event.path("waited").asDouble(Double.NaN), event.path("seconds").asDouble(Double.NaN));
  }

  /** How long training stands still for a checkpoint; empty before the first. */
  public synchronized OptionalDouble stall() {
    return write.slower();
  }

  /** From the write until it is in the store; empty before the first. */
  public synchronized OptionalDouble landing() {
    var slower = upload.slower();
    return slower.isEmpty()
        ? slower
        : OptionalDouble.of(slower.getAsDouble() + wait.slower().orElse(0));
  }

  /** What was never seen counts as nothing: a first checkpoint is always worth the try. */
  public synchronized Estimate estimate() {
    return new Estimate(
        step.slower().orElse(0), write.slower().orElse(0), upload.slower().orElse(0));
  }
}
