package io.fettle.statistics;

import java.util.Arrays;
import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/** Bounds of a contrast, by resampled clusters and by leaving each out. */
final class ResampledBounds {
  private final Contrast contrast;
  private final Clusters clusters;
  private final double[] values;
  private final double seen;
  private final MeanDifference jackknife;
  private final int differing;

  ResampledBounds(Contrast contrast, Clusters clusters, int resamples, long seed) {
    this.contrast = contrast;
    this.clusters = clusters;
    values = Bootstrap.values(clusters, contrast.difference(), resamples, seed);
    int[] all = new int[clusters.items()];
    Arrays.setAll(all, item -> item);
    seen = contrast.difference().applyAsDouble(all);
    jackknife = new MeanDifference(seen, leftOut(), Math.max(1, clusters.count() - 1));
    differing = Counts.clusters(clusters, contrast.differs());
  }

  /** How many clusters would decide it. */
  OptionalLong needed(MarginTest test) {
    return isUnseen()
        ? Need.ofUnseen(seen, 1, differing, clusters.count(), test)
        : Need.ofMean(jackknife, differing, clusters.count(), test);
  }

  private boolean isUnseen() {
    return differing < 2 || jackknife.error() == 0;
  }

  /** The outer ones of both ways. */
  Interval bounds(double alpha) {
    if (isUnseen()) {
      return Unseen.bounds(seen, 1, differing, clusters.count(), alpha);
    }
    Interval left = jackknife.interval(1 - 2 * alpha, differing - 1);
    double tail = expanded(alpha, differing);
    return new Interval(
        seen,
        Math.max(-1, Math.min(left.low(), Bootstrap.quantile(values, tail))),
        Math.min(1, Math.max(left.high(), Bootstrap.quantile(values, 1 - tail))));
  }

  /** The tail of resamples that is as far out as Student's t for so few units. */
  static double expanded(double alpha, int units) {
    double t = TDistribution.of(units - 1).inverseSurvivalProbability(alpha);
    return NormalDistribution.of(0, 1).survivalProbability(Math.sqrt(units / (units - 1.0)) * t);
  }

  private double leftOut() {
    int[][] members = clusters.members();
    int count = members.length;
    double[] without = new double[count];
    for (int left = 0; left < count; left++) {
      int[] rest = new int[clusters.items() - members[left].length];
      int filled = 0;
      for (int cluster = 0; cluster < count; cluster++) {
        if (cluster != left) {
          System.arraycopy(members[cluster], 0, rest, filled, members[cluster].length);
          filled += members[cluster].length;
        }
      }
      without[left] = contrast.difference().applyAsDouble(rest);
    }
    double mean = Arrays.stream(without).average().orElse(0);
    double squares = Arrays.stream(without).map(value -> (value - mean) * (value - mean)).sum();
    return Math.sqrt(squares * (count - 1) / count);
  }
}
