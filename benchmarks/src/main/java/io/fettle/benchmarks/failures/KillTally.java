package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.failures.Chain.Branch;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** What the runs under kills saw. Safe for use by several threads. */
final class KillTally {
  private final List<Run> runs = new ArrayList<>(); // guarded by this

  /**
   * One run.
   *
   * @param kills by who was killed
   * @param halts processes that ended right after a record
   * @param branch where it went; empty: it has not ended
   * @param steps that were recorded
   * @param repeated starts of a step whose record existed
   * @param mismatches histories that do not replay
   * @param changedMismatches histories that do not replay against changed code
   */
  record Run(
      Map<Victim, Integer> kills,
      int halts,
      Optional<Branch> branch,
      int steps,
      List<String> repeated,
      int histories,
      int mismatches,
      int changedMismatches) {

    int deaths() {
      return halts + kills.values().stream().mapToInt(Integer::intValue).sum();
    }
  }

  synchronized void add(Run run) {
    runs.add(run);
  }

  synchronized List<Run> runs() {
    return List.copyOf(runs);
  }

  /** In the order of {@link Victim}. */
  Map<Victim, Integer> kills() {
    var sum = new EnumMap<Victim, Integer>(Victim.class);
    for (var run : runs()) {
      run.kills().forEach((victim, count) -> sum.merge(victim, count, Integer::sum));
    }
    return sum;
  }
}
