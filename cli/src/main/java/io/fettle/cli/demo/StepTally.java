package io.fettle.cli.demo;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.common.v1.Payloads;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Which steps a run has done, from the server's history of its executions: what completed, for
 * which inputs, and whether its record was there already.
 *
 * @param done summaries of the steps that were worked on
 * @param reused summaries of those whose record was found
 * @param repeated how many were done although the same step of the same inputs had been done before
 */
record StepTally(List<String> done, List<String> reused, int repeated) {
  /** Steps whose result says whether it was reused. */
  private static final Set<String> STEPS =
      Set.of("FetchModel", "Prepare", "Merge", "Quantize", "Answer", "Train");

  /** Lookups: what they find is reused, and no step follows. */
  private static final Set<String> LOOKUPS = Set.of("FindAnswers", "FindQuantized", "Finished");

  /** One step that completed. */
  private record Completed(String identity, String summary, boolean reused) {}

  /**
   * @param earlier the events of the run's earlier executions
   * @param now those of the execution that is counted
   */
  static StepTally of(List<List<HistoryEvent>> earlier, List<HistoryEvent> now) {
    Set<String> before = new HashSet<>();
    earlier.stream()
        .flatMap(events -> completed(events).stream())
        .filter(step -> !step.reused())
        .forEach(step -> before.add(step.identity()));
    List<String> done = new ArrayList<>();
    List<String> reused = new ArrayList<>();
    int repeated = 0;
    for (var step : completed(now)) {
      (step.reused() ? reused : done).add(step.summary());
      if (!step.reused() && !before.add(step.identity())) {
        repeated++;
      }
    }
    return new StepTally(List.copyOf(done), List.copyOf(reused), repeated);
  }

  private static List<Completed> completed(List<HistoryEvent> events) {
    Map<Long, HistoryEvent> scheduled = new HashMap<>();
    List<Completed> found = new ArrayList<>();
    for (var event : events) {
      if (event.hasActivityTaskScheduledEventAttributes()) {
        scheduled.put(event.getEventId(), event);
      } else if (event.hasActivityTaskCompletedEventAttributes()) {
        var end = event.getActivityTaskCompletedEventAttributes();
        var start = scheduled.get(end.getScheduledEventId());
        if (start != null) {
          add(found, start, json(end.getResult()));
        }
      }
    }
    return found;
  }

  private static void add(List<Completed> found, HistoryEvent start, JsonNode result) {
    var activity = start.getActivityTaskScheduledEventAttributes();
    var type = activity.getActivityType().getName();
    var summary = start.getUserMetadata().getSummary().getData().toStringUtf8().replace("\"", "");
    if (STEPS.contains(type)) {
      found.add(new Completed(identity(activity), summary, result.path("reused").asBoolean()));
    } else if (LOOKUPS.contains(type) && !result.isNull()) {
      found.add(new Completed(identity(activity), summary, true));
    }
  }

  /** Training is the same step on whichever host and under whichever lease. */
  private static String identity(ActivityTaskScheduledEventAttributes activity) {
    var type = activity.getActivityType().getName();
    var input = json(activity.getInput());
    return type + " " + (type.equals("Train") ? input.at("/lease/input") : input);
  }

  private static JsonNode json(Payloads payloads) {
    if (payloads.getPayloadsCount() == 0 || payloads.getPayloads(0).getData().isEmpty()) {
      return NullNode.getInstance();
    }
    try {
      return Wire.mapper().readTree(payloads.getPayloads(0).getData().toByteArray());
    } catch (IOException notJson) {
      return NullNode.getInstance();
    }
  }
}
