package io.fettle.benchmarks.gate;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.statistics.Bootstrap;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.Contrast;
import io.fettle.statistics.Interval;
import io.fettle.statistics.MarginTest;
import io.fettle.statistics.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** How often a gate on macro-F1 passes at the boundary of its hypothesis. */
final class BootstrapRows {
  static final String NAME = "false_pass_bootstrap_percent";
  private static final double MOST = 3.5;
  private static final double PERCENT = 100;
  private static final int ITEMS = 300;
  private static final double LIKENESS = 0.1;
  private static final double MARGIN = 0.02;

  /** Where the control is counted: it takes as long as the test itself. */
  private static final int FEWEST = 10;

  private final int gates;
  private final int resamples;
  private final long seed;

  BootstrapRows(int gates, int resamples, long seed) {
    this.gates = gates;
    this.resamples = resamples;
    this.seed = seed;
  }

  Row measure(List<Cell> cells) {
    double worst = -1;
    double plain = 0;
    String where = "";
    for (int at = 0; at < cells.size(); at++) {
      double[] passed = count(cells.get(at), seed * 1_000 + at);
      plain = Math.max(plain, PERCENT * passed[1]);
      if (PERCENT * passed[0] > worst) {
        worst = PERCENT * passed[0];
        where = cells.get(at).toString();
      }
    }
    return Row.measured(NAME, worst, "%", gates)
        .atMost(MOST)
        .control(plain)
        .note(
            String.format(
                Locale.ROOT,
                "macro-F1, worst of %d cells of %,d gates of %,d resamples: %s; control: plain"
                    + " percentiles of ten clusters; seed %d",
                cells.size(),
                gates,
                resamples,
                where,
                seed))
        .shownByControl();
  }

  private double[] count(Cell cell, long cellSeed) {
    var test = new MarginTest(cell.margin(), FalsePassRows.ALPHA);
    Clusters clusters = cell.asClusters();
    return Gates.shares(
        gates,
        cellSeed,
        2,
        () -> {
          var labels = new LabelDraw(cell);
          return (random, passed) -> {
            labels.draw(random);
            var contrast = Contrast.macroF1(labels.truth, labels.first, labels.second);
            long own = random.nextLong();
            var decision = test.resampled(contrast, clusters, resamples, own);
            passed[0] += decision.outcome() == Outcome.PASS ? 1 : 0;
            if (clusters.count() == FEWEST) {
              passed[1] += plain(contrast, clusters, own).low() > cell.margin() ? 1 : 0;
            }
          };
        });
  }

  private Interval plain(Contrast contrast, Clusters clusters, long own) {
    return Bootstrap.interval(
        clusters, contrast.difference(), resamples, 1 - 2 * FalsePassRows.ALPHA, own);
  }

  static List<Cell> cells(Effort effort) {
    if (effort.isQuick()) {
      return List.of(new Cell(ITEMS, FEWEST, LIKENESS, false, 0.05, -MARGIN));
    }
    var cells = new ArrayList<Cell>();
    for (double discordance : new double[] {0.05, 0.2}) {
      for (int clusters : new int[] {ITEMS, FEWEST, 20, 50}) {
        double likeness = clusters == ITEMS ? 0 : LIKENESS;
        cells.add(new Cell(ITEMS, clusters, likeness, false, discordance, -MARGIN));
      }
      cells.add(new Cell(ITEMS, 20, LIKENESS, false, discordance, MARGIN));
    }
    return cells;
  }
}
