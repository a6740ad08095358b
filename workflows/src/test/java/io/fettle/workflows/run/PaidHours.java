package io.fettle.workflows.run;

import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.history.v1.ActivityTaskScheduledEventAttributes;
import io.temporal.api.history.v1.HistoryEvent;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/** What a run's history says of its hosts: which it had, and which it gave back, and when. */
final class PaidHours {
  private final List<HistoryEvent> history;

  PaidHours(List<HistoryEvent> history) {
    this.history = history;
  }

  List<String> complaints() {
    return Stream.concat(idleBesideATrain().stream(), acquiredAfterTheFinish().stream()).toList();
  }

  /** When a lease's trainer is asked for, the run has given up every other host. */
  private List<String> idleBesideATrain() {
    List<String> complaints = new ArrayList<>();
    Set<Integer> leases = new HashSet<>();
    for (HistoryEvent train : scheduled("Train")) {
      TrainingJob job = input(train, TrainingJob.class);
      if (leases.add(job.lease().number())) { // else it is adopted
        scheduled("Acquire").stream()
            .filter(acquire -> acquire.getEventId() < train.getEventId())
            .filter(acquire -> !isOver(acquire, train))
            .map(acquire -> input(acquire, AcquireRequest.class).token())
            .filter(host -> !host.equals(job.token()))
            .map(host -> "%s is idle in lease %d".formatted(host, job.lease().number()))
            .forEach(complaints::add);
      }
    }
    return complaints;
  }

  /** It came to nothing, or its host was given back, or it was cancelled. */
  private boolean isOver(HistoryEvent acquire, HistoryEvent train) {
    String host = input(acquire, AcquireRequest.class).token();
    boolean isReleased =
        scheduled("Release").stream()
            .filter(release -> release.getEventId() < train.getEventId())
            .anyMatch(release -> input(release, ReleaseRequest.class).token().equals(host));
    return isReleased
        || failed(acquire).filter(end -> end < decidedAfter(train)).isPresent()
        || isCancelledBefore(acquire, train)
        || scheduled("Claim").stream()
            .filter(claim -> input(claim, ClaimRequest.class).token().equals(host))
            .anyMatch(claim -> isCancelledBefore(claim, train));
  }

  private boolean isCancelledBefore(HistoryEvent activity, HistoryEvent train) {
    return history.stream()
        .filter(HistoryEvent::hasActivityTaskCancelRequestedEventAttributes)
        .filter(event -> event.getEventId() < train.getEventId())
        .anyMatch(
            event ->
                event.getActivityTaskCancelRequestedEventAttributes().getScheduledEventId()
                    == activity.getEventId());
  }

  private Optional<Long> failed(HistoryEvent activity) {
    return history.stream()
        .filter(HistoryEvent::hasActivityTaskFailedEventAttributes)
        .filter(
            event ->
                event.getActivityTaskFailedEventAttributes().getScheduledEventId()
                    == activity.getEventId())
        .map(HistoryEvent::getEventId)
        .findFirst();
  }

  private List<String> acquiredAfterTheFinish() {
    Optional<Long> finish =
        scheduled("Train").stream().flatMap(train -> completed(train).stream()).findFirst();
    return scheduled("Acquire").stream()
        .filter(acquire -> finish.filter(end -> end < decidedAfter(acquire)).isPresent())
        .map(acquire -> "event %d acquires after the finish".formatted(acquire.getEventId()))
        .toList();
  }

  /** The event up to which the workflow knew all when it asked for an activity. */
  private long decidedAfter(HistoryEvent activity) {
    long task = attributes(activity).getWorkflowTaskCompletedEventId();
    return history.stream()
        .filter(HistoryEvent::hasWorkflowTaskStartedEventAttributes)
        .mapToLong(HistoryEvent::getEventId)
        .filter(started -> started < task)
        .max()
        .orElseThrow();
  }

  private Optional<Long> completed(HistoryEvent activity) {
    return history.stream()
        .filter(HistoryEvent::hasActivityTaskCompletedEventAttributes)
        .filter(
            event ->
                event.getActivityTaskCompletedEventAttributes().getScheduledEventId()
                    == activity.getEventId())
        .map(HistoryEvent::getEventId)
        .findFirst();
  }

  private List<HistoryEvent> scheduled(String type) {
    return history.stream()
        .filter(HistoryEvent::hasActivityTaskScheduledEventAttributes)
        .filter(event -> attributes(event).getActivityType().getName().equals(type))
        .toList();
  }

  private static ActivityTaskScheduledEventAttributes attributes(HistoryEvent activity) {
    return activity.getActivityTaskScheduledEventAttributes();
  }

  private static <T> T input(HistoryEvent activity, Class<T> type) {
    return Wire.dataConverter()
        .fromPayload(attributes(activity).getInput().getPayloads(0), type, type);
  }
}
