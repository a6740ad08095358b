package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.failures.LateCheckpoint.Stale;
import java.util.ArrayList;
import java.util.List;

/** What many lanes saw of cut links and killed hosts. Safe for use by several threads. */
final class LinkTally {
  private final List<Cut> cuts = new ArrayList<>(); // guarded by this
  private final List<Kill> kills = new ArrayList<>(); // guarded by this

  /**
   * A trainer lived through a cut.
   *
   * @param successors leases that opened because of it
   * @param lostSteps that its run had to do again
   * @param stale what readers make of the checkpoint that came late
   */
  record Cut(Fault kind, int successors, long lostSteps, Stale stale) {}

  /**
   * A host died.
   *
   * @param seconds from its death to its successor's lease
   * @param lostIntervals the time of the lost steps, by one checkpoint interval
   * @param reason that the run's story gives for the end of its lease
   */
  record Kill(Fault kind, double seconds, double lostIntervals, String reason) {}

  synchronized void add(Cut cut) {
    cuts.add(cut);
  }

  synchronized void add(Kill kill) {
    kills.add(kill);
  }

  synchronized List<Cut> cuts(Fault kind) {
    return cuts.stream().filter(cut -> cut.kind() == kind).toList();
  }

  synchronized List<Kill> kills() {
    return List.copyOf(kills);
  }

  synchronized List<Kill> kills(Fault kind) {
    return kills.stream().filter(kill -> kill.kind() == kind).toList();
  }
}
