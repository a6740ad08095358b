package io.fettle.benchmarks.tax;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.programs.EventTail;
import io.fettle.benchmarks.tax.Turns.Held;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * One training, as it told of itself.
 *
 * @param steps its optimizer steps, from 1 without a gap
 * @param saves the steps after which it saved
 * @param held when it was the other one's turn
 */
record Arm(List<Step> steps, List<Integer> saves, List<Held> held) {
  Arm {
    steps = List.copyOf(steps);
    saves = List.copyOf(saves);
    held = List.copyOf(held);
  }

  /**
   * One optimizer step.
   *
   * @param loss nats per supervised token
   * @param ended seconds since 1970
   * @param tokens without padding; 0 where the script does not count them
   */
  record Step(int number, double loss, double ended, int tokens) {
    private static Step of(JsonNode event) {
      return new Step(
          event.path("step").asInt(),
          event.path("loss").asDouble(),
          event.path("time").asDouble(),
          event.path("tokens").asInt());
    }
  }

  /**
   * Of a file of events, an object a line, of which steps and checkpoints count.
   *
   * @param expected how many steps it must have
   * @param held when it was the other one's turn
   * @throws IOException a sentence, if it is no whole training of so many steps
   */
  static Arm read(Path events, int expected, List<Held> held) throws IOException {
    var taken = new ArrayList<Step>();
    var saves = new ArrayList<Integer>();
    for (var event : new EventTail(events).read()) {
      switch (event.path("event").asText()) {
        case "step" -> {
          refuseAnother(event, taken.size() + 1, events);
          taken.add(Step.of(event));
        }
        case "checkpoint" -> saves.add(event.path("step").asInt());
        default -> {}
      }
    }
    if (taken.size() != expected) {
      throw new IOException("%s has %d of %d steps".formatted(events, taken.size(), expected));
    }
    return new Arm(taken, saves, held);
  }

  private static void refuseAnother(JsonNode event, int number, Path events) throws IOException {
    if (event.path("step").asInt() != number || !event.path("loss").isNumber()) {
      throw new IOException(
          "%s has %s where step %d with a finite loss is expected"
              .formatted(events, event, number));
    }
  }

  /** From the end of the first optimizer step to the end of the last, as far as it ran. */
  double seconds() {
    double start = steps.getFirst().ended();
    double end = steps.getLast().ended();
    return end - start - held.stream().mapToDouble(each -> each.within(start, end)).sum();
  }

  /** Trained in {@link #seconds}. */
  long tokens() {
    return steps.stream().skip(1).mapToLong(Step::tokens).sum();
  }

  /** How many steps have another loss in the other arm, compared bit for bit. */
  int unequal(Arm other) {
    int unequal = Math.abs(steps.size() - other.steps.size());
    for (int at = 0; at < Math.min(steps.size(), other.steps.size()); at++) {
      unequal += Double.compare(steps.get(at).loss(), other.steps.get(at).loss()) == 0 ? 0 : 1;
    }
    return unequal;
  }
}
