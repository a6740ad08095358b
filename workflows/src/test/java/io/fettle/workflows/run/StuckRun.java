package io.fettle.workflows.run;

import io.temporal.api.history.v1.History;
import io.temporal.api.history.v1.HistoryEvent;
import io.temporal.common.WorkflowExecutionHistory;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** A run that says nothing any more, and whose fault that is by its history. */
final class StuckRun {
  private static final int SHOWN = 12;

  private final List<HistoryEvent> history;

  /** Up to where it was terminated. */
  StuckRun(WorkflowExecutionHistory whole) {
    this.history =
        whole.getEvents().stream()
            .filter(event -> !event.hasWorkflowExecutionTerminatedEventAttributes())
            .toList();
  }

  /**
   * Whether it is the in-memory server's fault, which cannot take a cancel that crosses the end, or
   * the next attempt, of what it is for. Either an activity stays asked to cancel for ever; or the
   * server refuses the answer that asks for it, each time, and the workflow's task never ends,
   * though a replay of the same history answers it. Whatever else is open, a run that waits for
   * nothing, and a task that the workflow itself cannot answer, are the run's fault.
   */
  boolean isByTheServer() {
    return switch (history.getLast().getEventType()) {
      case EVENT_TYPE_WORKFLOW_TASK_STARTED -> isAnswered();
      case EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
          EVENT_TYPE_WORKFLOW_TASK_FAILED,
          EVENT_TYPE_WORKFLOW_TASK_TIMED_OUT ->
          false;
      default -> {
        var open = open();
        yield !open.isEmpty() && cancelled().containsAll(open.keySet());
      }
    };
  }

  /** Whether the workflow, asked again, has an answer to its last task. */
  private boolean isAnswered() {
    try {
      RunFixture.replay(
          new WorkflowExecutionHistory(History.newBuilder().addAllEvents(history).build()));
      return true;
    } catch (Exception itsFault) {
      return false;
    }
  }

  String words() {
    return "it is stuck with %s open, after %s"
        .formatted(
            open().values(),
            history.stream()
                .skip(Math.max(0, history.size() - SHOWN))
                .map(event -> event.getEventType().name().replace("EVENT_TYPE_", ""))
                .toList());
  }

  /** What activities that were asked for and have not ended are called, by their events. */
  private Map<Long, String> open() {
    var open = new TreeMap<Long, String>();
    for (HistoryEvent event : history) {
      if (event.hasActivityTaskScheduledEventAttributes()) {
        var activity = event.getActivityTaskScheduledEventAttributes().getActivityType();
        open.put(event.getEventId(), activity.getName());
      }
      open.remove(ended(event));
    }
    return open;
  }

  /** The activity that an event is the end of; 0: of none. */
  private static long ended(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_ACTIVITY_TASK_COMPLETED ->
          event.getActivityTaskCompletedEventAttributes().getScheduledEventId();
      case EVENT_TYPE_ACTIVITY_TASK_FAILED ->
          event.getActivityTaskFailedEventAttributes().getScheduledEventId();
      case EVENT_TYPE_ACTIVITY_TASK_TIMED_OUT ->
          event.getActivityTaskTimedOutEventAttributes().getScheduledEventId();
      case EVENT_TYPE_ACTIVITY_TASK_CANCELED ->
          event.getActivityTaskCanceledEventAttributes().getScheduledEventId();
      default -> 0;
    };
  }

  private Set<Long> cancelled() {
    return history.stream()
        .filter(HistoryEvent::hasActivityTaskCancelRequestedEventAttributes)
        .map(event -> event.getActivityTaskCancelRequestedEventAttributes().getScheduledEventId())
        .collect(Collectors.toUnmodifiableSet());
  }
}
