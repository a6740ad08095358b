package io.fettle.benchmarks.gate;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.MarginTest;
import io.fettle.statistics.Outcome;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How often a gate of yes-or-no marks passes at the boundary of its hypothesis, where it should do
 * so with a chance of alpha at most: each call goes through the test that the gate uses.
 */
final class FalsePassRows {
  static final String NAME = "false_pass_percent";
  static final double ALPHA = 0.025;
  private static final double MOST = 2.75;
  private static final double PERCENT = 100;
  private static final double MARGIN = 0.02;

  private final int gates;
  private final long seed;

  FalsePassRows(int gates, long seed) {
    this.gates = gates;
    this.seed = seed;
  }

  /** What of a cell's gates passed, in percent; and with the clusters kept from the test. */
  private record Counted(Cell cell, double passed, double naive) {}

  Row measure(List<Cell> cells) {
    var counted = new ArrayList<Counted>();
    for (int at = 0; at < cells.size(); at++) {
      counted.add(count(cells.get(at), seed * 1_000 + at));
    }
    Counted worst = worst(counted);
    double naive = counted.stream().mapToDouble(Counted::naive).max().orElseThrow();
    var alone = counted.stream().filter(each -> !each.cell().isClustered()).toList();
    String note =
        String.format(
            Locale.ROOT,
            "worst of %d cells of %,d gates: %s%s; control: clusters not told of; seed %d",
            cells.size(),
            gates,
            worst.cell(),
            alone.isEmpty()
                ? ""
                : String.format(Locale.ROOT, "; without clusters %.2f", worst(alone).passed()),
            seed);
    return Row.measured(NAME, worst.passed(), "%", gates)
        .atMost(MOST)
        .control(naive)
        .note(note)
        .shownByControl();
  }

  private static Counted worst(List<Counted> counted) {
    return counted.stream()
        .max((one, other) -> Double.compare(one.passed(), other.passed()))
        .orElseThrow();
  }

  private Counted count(Cell cell, long cellSeed) {
    var test = new MarginTest(cell.margin(), ALPHA);
    var rates = new Rates(cell);
    Clusters clusters = cell.asClusters();
    Clusters none = Clusters.none(cell.items());
    Map<Long, Boolean> known = new ConcurrentHashMap<>(); // without clusters two counts decide
    double[] shares =
        Gates.shares(
            gates,
            cellSeed,
            2,
            () -> {
              double[] first = new double[cell.items()];
              double[] second = new double[cell.items()];
              return (random, passed) -> {
                cell.draw(random, rates, first, second);
                boolean naive =
                    known.computeIfAbsent(
                        counts(first, second), _ -> passes(test, first, second, none));
                boolean told = cell.isClustered() ? passes(test, first, second, clusters) : naive;
                passed[0] += told ? 1 : 0;
                passed[1] += naive ? 1 : 0;
              };
            });
    return new Counted(cell, PERCENT * shares[0], PERCENT * shares[1]);
  }

  private static boolean passes(
      MarginTest test, double[] first, double[] second, Clusters clusters) {
    return test.binary(first, second, clusters).outcome() == Outcome.PASS;
  }

  private static long counts(double[] first, double[] second) {
    long plus = 0;
    long minus = 0;
    for (int item = 0; item < first.length; item++) {
      plus += first[item] > second[item] ? 1 : 0;
      minus += first[item] < second[item] ? 1 : 0;
    }
    return (plus << Integer.SIZE) | minus;
  }

  /** Superiority and non-inferiority, few and many items that differ; quick: a fifth of them. */
  static List<Cell> cells(Effort effort) {
    var cells = new ArrayList<Cell>();
    for (double discordance : new double[] {0.05, 0.2}) {
      for (double margin : new double[] {MARGIN, -MARGIN}) {
        cells.add(new Cell(200, 200, 0, false, discordance, margin));
        cells.add(new Cell(1_000, 1_000, 0, false, discordance, margin));
        clustered(cells, effort.isQuick(), discordance, margin);
      }
    }
    return cells;
  }

  private static void clustered(
      List<Cell> cells, boolean quick, double discordance, double margin) {
    for (int clusters : quick ? new int[] {10} : new int[] {10, 20, 50}) {
      for (double likeness : quick ? new double[] {0.2} : new double[] {0.05, 0.2}) {
        cells.add(new Cell(1_000, clusters, likeness, false, discordance, margin));
        if (!quick) {
          cells.add(new Cell(1_000, clusters, likeness, true, discordance, margin));
        }
      }
    }
  }
}
