package io.fettle.benchmarks.failures;

import io.temporal.api.enums.v1.EventType;
import io.temporal.api.history.v1.HistoryEvent;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Follows one run to its end and kills a process at each of the given moments. */
final class KillLane {
  private static final Logger LOG = LoggerFactory.getLogger(KillLane.class);
  private static final Duration LOOK = Duration.ofMillis(20);

  /** A boundary of which we hear later than this is one no more. */
  private static final Duration FRESH = Duration.ofMillis(500);

  private final Chain chain;
  private final List<KillPoint> due;
  private final Supplier<Victim> victims;
  private final Map<Victim, Integer> kills = new HashMap<>();

  /** When to kill inside a step, by the event that scheduled it. */
  private final Map<Long, Long> inside = new HashMap<>();

  /**
   * @param victims who is killed next
   */
  KillLane(Chain chain, List<KillPoint> points, Supplier<Victim> victims) {
    this.chain = chain;
    this.due = new ArrayList<>(points);
    this.victims = victims;
  }

  Map<Victim, Integer> kills() {
    return kills;
  }

  /** Whether the run has completed in that time. */
  boolean follow(Duration limit) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    try (var tail = new HistoryTail(chain.client(), chain.run())) {
      while (System.nanoTime() < end) {
        var event = tail.next(LOOK);
        if (event != null && isEnd(event)) {
          return event.getEventType() == EventType.EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED;
        }
        if (event != null) {
          hear(event);
        }
        killInside();
      }
    }
    return false;
  }

  private static boolean isEnd(HistoryEvent event) {
    return switch (event.getEventType()) {
      case EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED,
          EVENT_TYPE_WORKFLOW_EXECUTION_FAILED,
          EVENT_TYPE_WORKFLOW_EXECUTION_TERMINATED,
          EVENT_TYPE_WORKFLOW_EXECUTION_CANCELED ->
          true;
      default -> false;
    };
  }

  private void hear(HistoryEvent event) throws Exception {
    KillPoint.end(event).ifPresent(inside::remove);
    var step = KillPoint.step(event);
    if (step.isEmpty()) {
      return;
    }
    var boundary = take(step.get(), true);
    var age = Duration.between(KillPoint.at(event), Instant.now());
    if (boundary.isPresent() && age.compareTo(FRESH) < 0) {
      kill(step.get());
    }
    take(step.get(), false)
        .ifPresent(
            point -> inside.put(event.getEventId(), System.nanoTime() + point.after().toNanos()));
  }

  private Optional<KillPoint> take(String step, boolean boundary) {
    var point =
        due.stream()
            .filter(each -> each.step().equals(step) && each.isBoundary() == boundary)
            .findFirst();
    point.ifPresent(due::remove);
    return point;
  }

  private void killInside() throws Exception {
    long now = System.nanoTime();
    var ripe = inside.entrySet().stream().filter(each -> now - each.getValue() > 0).findFirst();
    if (ripe.isPresent()) {
      inside.remove(ripe.get().getKey());
      kill("half of event " + ripe.get().getKey());
    }
  }

  private void kill(String moment) throws Exception {
    var victim = victims.get();
    boolean wasUp = chain.kill(victim);
    LOG.info("{}: killed {} at {}: {}", chain.run(), victim, moment, wasUp);
    if (wasUp) {
      kills.merge(victim, 1, Integer::sum);
    }
  }
}
