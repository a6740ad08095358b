package io.fettle.benchmarks.gate;

import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Chances of wins and losses that differ between clusters: a cluster's normal effect moves both,
 * against each other. Their means are the cell's, exactly.
 */
final class Rates {
  private static final int STEPS = 4_096;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final int[] sizes;
  private final double[] plus = new double[STEPS];
  private final double[] minus = new double[STEPS];

  Rates(Cell cell) {
    sizes = cell.sizes();
    double shared = Math.sqrt(cell.likeness());
    double own = Math.sqrt(1 - cell.likeness());
    double win = NORMAL.inverseSurvivalProbability(cell.plus());
    double loss = NORMAL.inverseCumulativeProbability(cell.minus());
    for (int step = 0; step < STEPS; step++) {
      double effect = shared * NORMAL.inverseCumulativeProbability((step + 0.5) / STEPS);
      plus[step] = NORMAL.survivalProbability((win - effect) / own);
      minus[step] = NORMAL.cumulativeProbability((loss - effect) / own);
    }
    scale(plus, cell.plus());
    scale(minus, cell.minus());
  }

  private static void scale(double[] chances, double mean) {
    double sum = 0;
    for (double chance : chances) {
      sum += chance;
    }
    for (int step = 0; step < STEPS; step++) {
      chances[step] *= mean * STEPS / sum;
    }
  }

  int[] sizes() {
    return sizes;
  }

  int draw(SplittableRandom random) {
    return random.nextInt(STEPS);
  }

  double plus(int rate) {
    return plus[rate];
  }

  double minus(int rate) {
    return minus[rate];
  }
}
