package io.fettle.activities.training.cadence;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.training.cadence.CheckpointInterval.Seen;
import java.util.List;

/**
 * What earlier leases of a run tell about the next interruption and about saving. Each lease's time
 * is the difference of two stamps of one host.
 */
final class RunPast {
  private int interruptions;
  private double seconds;

  /** Takes one closed lease in: its trainer's and its agent's events. */
  void add(List<JsonNode> events, SavingCosts costs) {
    var interrupted = true; // a host that vanished says nothing
    for (var event : events) {
      switch (event.path("event").asText()) {
        case "checkpoint" -> costs.wrote(event.path("seconds").asDouble(Double.NaN));
        case "published" -> costs.published(event);
        case "ended" -> interrupted = event.path("interrupted").asBoolean(true);
        default -> {}
      }
    }
    interruptions += interrupted && !events.isEmpty() ? 1 : 0;
    seconds += span(events);
  }

  static double span(List<JsonNode> events) {
    var times = events.stream().map(e -> e.path("time")).filter(JsonNode::isNumber);
    var summary = times.mapToDouble(JsonNode::asDouble).summaryStatistics();
    return summary.getCount() == 0 ? 0 : summary.getMax() - summary.getMin();
  }

  Seen with(double secondsOfThisLease) {
    return new Seen(interruptions, seconds + secondsOfThisLease);
  }
}
