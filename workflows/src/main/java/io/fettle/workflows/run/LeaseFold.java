package io.fettle.workflows.run;

import io.fettle.workflows.lineage.LeaseStory;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * Keeps a long run's leases small enough for a payload: all but the newest become one line, from
 * the step where the first began to where the last ended.
 */
final class LeaseFold {
  private static final int NEWEST = 100;
  private static final int REASON = 160;

  private LeaseFold() {}

  static List<LeaseStory> of(List<LeaseStory> leases) {
    List<LeaseStory> folded = new ArrayList<>();
    List<LeaseStory> open = new ArrayList<>();
    leases.forEach(lease -> (lease.ended().equals(LeaseStory.FOLDED) ? folded : open).add(lease));
    int old = Math.max(0, open.size() - NEWEST);
    if (old > 0) {
      folded.add(fold(open.subList(0, old)));
    }
    open.subList(old, open.size()).stream().map(LeaseFold::shortened).forEach(folded::add);
    return folded;
  }

  private static LeaseStory fold(List<LeaseStory> leases) {
    LeaseStory first = leases.getFirst();
    LeaseStory last = leases.getLast();
    Map<String, Long> ends =
        leases.stream()
            .collect(Collectors.groupingBy(LeaseStory::ended, TreeMap::new, Collectors.counting()));
    String counts =
        ends.entrySet().stream()
            .map(end -> end.getValue() + " " + end.getKey())
            .collect(Collectors.joining(", "));
    return new LeaseStory(
        last.number(),
        "",
        first.fromStep(),
        first.fromLease(),
        leases.stream().mapToInt(LeaseStory::toStep).max().orElse(first.toStep()),
        first.startedMillis(),
        last.endedMillis(),
        LeaseStory.FOLDED,
        "leases %d to %d: %s".formatted(first.number(), last.number(), counts));
  }

  private static LeaseStory shortened(LeaseStory lease) {
    return lease.reason().length() <= REASON
        ? lease
        : new LeaseStory(
            lease.number(),
            lease.host(),
            lease.fromStep(),
            lease.fromLease(),
            lease.toStep(),
            lease.startedMillis(),
            lease.endedMillis(),
            lease.ended(),
            lease.reason().substring(0, REASON));
  }
}
