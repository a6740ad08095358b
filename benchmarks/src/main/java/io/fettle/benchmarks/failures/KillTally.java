package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.failures.Chain.Branch;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunRecord;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;

/** What the runs under kills saw. Safe for use by several threads. */
final class KillTally {
  private final List<Run> runs = new ArrayList<>(); // guarded by this

  /**
   * One run.
   *
   * @param kills by who was killed
   * @param halts processes that ended right after a record
   * @param name of its lane
   * @param ended what it says of itself; empty: it has not completed
   * @param steps that were recorded
   * @param repeated starts of a step whose record existed
   * @param mismatches histories that do not replay
   * @param changedMismatches histories that do not replay against changed code
   * @param launched hosts that were launched for it
   * @param orphans those of them that outlived it by two minutes
   */
  record Run(
      String name,
      Map<Victim, Integer> kills,
      int halts,
      Optional<RunRecord> ended,
      int steps,
      List<String> repeated,
      int histories,
      int mismatches,
      int changedMismatches,
      int launched,
      int orphans) {

    /** A train whose host is taken goes on under another lease; the others keep theirs. */
    boolean took(Branch branch) {
      boolean lostHosts = kills.containsKey(Victim.HOST);
      return ended
          .map(Branch::of)
          .filter(mine -> lostHosts ? mine.endsLike(branch) : mine.equals(branch))
          .isPresent();
    }

    /** Its leases and how each of them ended. */
    String leases() {
      return ended.stream()
          .flatMap(record -> record.leases().stream())
          .map(Run::lease)
          .collect(Collectors.joining(", ", name + " [", "]"));
    }

    private static String lease(LeaseStory lease) {
      return "%d to %d %s: %s"
          .formatted(lease.fromStep(), lease.toStep(), lease.ended(), lease.reason());
    }

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

  /** Of those victims the ones that no lane ever found up: such a lane has shown nothing. */
  int spared(List<Victim> victims) {
    return (int) victims.stream().filter(victim -> !kills().containsKey(victim)).count();
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
