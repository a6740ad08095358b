package io.fettle.activities.training;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.training.cadence.SavingCosts;
import io.fettle.workflows.training.TrainProgress;
import java.util.Optional;
import java.util.OptionalDouble;

/** What the trainer's events add up to. Written by one thread, read by the one that beats. */
final class TrainerView {
  private static final double NEWEST = 0.2; // weight of the newest step in the pace

  private final int lease;
  private final SavingCosts costs;
  private String phase = "stage";
  private int step;
  private int maxSteps;
  private OptionalDouble loss = OptionalDouble.empty();
  private OptionalDouble devLoss = OptionalDouble.empty();
  private OptionalDouble tokensPerSecond = OptionalDouble.empty();
  private double secondsPerStep;
  private boolean stoppedEarly;
  private String error = "";

  TrainerView(int lease, int resumeStep, SavingCosts costs) {
    this.lease = lease;
    this.costs = costs;
    this.step = resumeStep;
  }

  /**
   * Takes an event in. True if it shows something new; {@code alive} in the same phase does not.
   */
  synchronized boolean apply(JsonNode event) {
    var kind = event.path("event").asText();
    if (kind.equals("alive")) {
      return enter(event.path("phase").asText(phase));
    }
    switch (kind) {
      case "started" -> {
        step = event.path("step").asInt();
        maxSteps = event.path("max_steps").asInt();
        phase = "step";
      }
      case "step" -> stepped(event);
      case "checkpoint" -> costs.wrote(event.path("seconds").asDouble(Double.NaN));
      case "eval" -> devLoss = number(event.path("dev_loss"));
      case "stopping" -> phase = "save";
      case "finished" -> stoppedEarly = event.path("stopped_early").asBoolean();
      case "error" -> error = event.path("reason").asText();
      default -> {
        return true; // an event of a newer trainer is progress all the same
      }
    }
    return true;
  }

  /** True if that is another phase than before. */
  synchronized boolean enter(String next) {
    var changed = !next.equals(phase);
    phase = next;
    return changed;
  }

  synchronized String phase() {
    return phase;
  }

  synchronized int step() {
    return step;
  }

  synchronized boolean stoppedEarly() {
    return stoppedEarly;
  }

  /** The trainer's own sentence about its failure; empty if it gave none. */
  synchronized String error() {
    return error;
  }

  synchronized TrainProgress progress(int checkpointStep) {
    return new TrainProgress(
        lease,
        phase,
        step,
        maxSteps,
        boxed(loss),
        boxed(devLoss),
        boxed(tokensPerSecond),
        eta(),
        checkpointStep);
  }

  private void stepped(JsonNode event) {
    step = event.path("step").asInt();
    phase = "step";
    loss = number(event.path("loss"));
    tokensPerSecond = number(event.path("tokens_per_second"));
    var seconds = event.path("seconds").asDouble();
    costs.stepped(seconds);
    secondsPerStep =
        secondsPerStep == 0 ? seconds : (1 - NEWEST) * secondsPerStep + NEWEST * seconds;
  }

  private Optional<Long> eta() {
    return secondsPerStep > 0 && maxSteps >= step
        ? Optional.of(Math.round((maxSteps - step) * secondsPerStep))
        : Optional.empty();
  }

  /** A loss that is not finite comes as a word, and is left out of what people see as a number. */
  private static OptionalDouble number(JsonNode node) {
    return node.isNumber() ? OptionalDouble.of(node.asDouble()) : OptionalDouble.empty();
  }

  private static Optional<Double> boxed(OptionalDouble value) {
    return value.isPresent() ? Optional.of(value.getAsDouble()) : Optional.empty();
  }
}
