package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.benchmarks.failures.OrphanTrial.Fate;
import io.fettle.benchmarks.failures.OrphanTrial.Sweep;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/**
 * Control workers and agents die before each numbered change to the local pool's files, from the
 * intent to the agent's end of the claim.
 */
final class OrphanRows {
  private static final int TRIALS = 1_000;

  private int orphans;
  private int orphansUnswept;
  private int liveTaken;
  private int liveTakenInHaste;

  List<Row> rows(Effort effort, Path scratch) throws Exception {
    var points =
        new OrphanTrial(scratch.resolve("dry"), Fate.TERMINATED, Sweep.ON, 0).changes() + 1;
    var trials = effort.isQuick() ? points * 2 : TRIALS;
    for (int trial = 0; trial < trials; trial++) {
      trial(trial % points, fate(trial, points), trial & 3, scratch.resolve("trial-" + trial));
    }
    var note =
        "%d points x %d fates of the run; dead processes of one JVM over real files, two minutes on an injected clock"
            .formatted(points, Fate.values().length);
    return List.of(
        Row.measured("orphan_local_hosts", orphans, "", trials)
            .atMost(0)
            .control(orphansUnswept)
            .note(note + "; control: no sweep"),
        Row.measured("live_local_hosts_taken", liveTaken, "", trials)
            .atMost(0)
            .control(liveTakenInHaste)
            .note("control: whatever is not known to be open is over"));
  }

  /** Another fate at each pass of a point. */
  private static Fate fate(int trial, int points) {
    var fates = Fate.values();
    return fates[(trial + trial / points) % fates.length];
  }

  private void trial(int point, Fate fate, int start, Path folder) throws IOException {
    var swept = new OrphanTrial(folder.resolve("swept"), fate, Sweep.ON, start).run(point);
    var unswept = new OrphanTrial(folder.resolve("unswept"), fate, Sweep.OFF, start).run(point);
    var hasty = new OrphanTrial(folder.resolve("hasty"), fate, Sweep.HASTY, start).run(point);
    orphans += swept.orphans();
    liveTaken += swept.liveTaken();
    orphansUnswept += unswept.orphans();
    liveTakenInHaste += hasty.liveTaken();
  }
}
