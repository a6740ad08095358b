package io.fettle.benchmarks.failures;

import io.temporal.api.history.v1.HistoryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * A moment of the chain.
 *
 * @param step what an operator reads beside the activity; the first one of that name is meant
 * @param after since it was scheduled; zero: at the boundary
 */
record KillPoint(String step, Duration after) {
  /** Names of launched hosts differ from run to run. */
  private static final Pattern INSTANCE = Pattern.compile("\\bi-[0-9a-f]{8,}\\b");

  /** What ends sooner has no inside that could be told from its boundary. */
  private static final Duration SHORTEST = Duration.ofSeconds(1);

  boolean isBoundary() {
    return after.isZero();
  }

  /**
   * Every boundary, and the middle of every step that lasts, of an undisturbed run. A step is what
   * heartbeats; the short calls between two steps are their boundary.
   */
  static List<KillPoint> of(List<HistoryEvent> history) {
    var ends = ends(history);
    Set<String> known = new LinkedHashSet<>();
    List<KillPoint> points = new ArrayList<>();
    for (var event : history) {
      var step = step(event);
      if (step.isPresent() && heartbeats(event) && known.add(step.get())) {
        points.add(new KillPoint(step.get(), Duration.ZERO));
        var end = ends.getOrDefault(event.getEventId(), at(event));
        var lasts = Duration.between(at(event), end);
        if (lasts.compareTo(SHORTEST) >= 0) {
          points.add(new KillPoint(step.get(), lasts.dividedBy(2)));
        }
      }
    }
    return points;
  }

  private static boolean heartbeats(HistoryEvent event) {
    var timeout = event.getActivityTaskScheduledEventAttributes().getHeartbeatTimeout();
    return !timeout.equals(com.google.protobuf.Duration.getDefaultInstance());
  }

  private static Map<Long, Instant> ends(List<HistoryEvent> history) {
    Map<Long, Instant> ends = new HashMap<>();
    for (var event : history) {
      end(event).ifPresent(scheduled -> ends.put(scheduled, at(event)));
    }
    return ends;
  }

  /** The step that this event schedules. */
  static Optional<String> step(HistoryEvent event) {
    return event.hasActivityTaskScheduledEventAttributes()
        ? Optional.of(
            INSTANCE
                .matcher(event.getUserMetadata().getSummary().getData().toStringUtf8())
                .replaceAll("HOST")
                .replace("\"", ""))
        : Optional.empty();
  }

  /** The event that scheduled the activity whose end this is. */
  static Optional<Long> end(HistoryEvent event) {
    return switch (event.getAttributesCase()) {
      case ACTIVITY_TASK_COMPLETED_EVENT_ATTRIBUTES ->
          Optional.of(event.getActivityTaskCompletedEventAttributes().getScheduledEventId());
      case ACTIVITY_TASK_FAILED_EVENT_ATTRIBUTES ->
          Optional.of(event.getActivityTaskFailedEventAttributes().getScheduledEventId());
      case ACTIVITY_TASK_TIMED_OUT_EVENT_ATTRIBUTES ->
          Optional.of(event.getActivityTaskTimedOutEventAttributes().getScheduledEventId());
      default -> Optional.empty();
    };
  }

  static Instant at(HistoryEvent event) {
    var time = event.getEventTime();
    return Instant.ofEpochSecond(time.getSeconds(), time.getNanos());
  }
}
