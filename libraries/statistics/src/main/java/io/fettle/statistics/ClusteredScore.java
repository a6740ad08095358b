package io.fettle.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * Whether the difference of two proportions, paired on items and clustered, is shown to exceed a
 * value. Two tests have to agree, since each alone passes too often where few items differ:
 *
 * <ul>
 *   <li><b>Student's t</b> on the mean difference with the bias-reduced cluster variance. Its
 *       degrees of freedom are Satterthwaite's under independent items and under whole clusters
 *       that move as one, and fewer than the clusters in which any item differs: the least of the
 *       three. Where losses are rarer than wins the quantile is raised for the skewness that the
 *       hypothesis has, by Hall's transformation. Taken is the skewness of items drawn in clusters
 *       by a Dirichlet multinomial, which is at most twice the one of independent items over as
 *       many effective items; design effects are seen too small where it matters, so the excess
 *       over 1 counts twice.
 *   <li><b>Tango's score</b>, divided by the root of the design effect, its quantile raised
 *       likewise.
 * </ul>
 *
 * <p>Sources: R. M. Bell and D. F. McCaffrey, "Bias reduction in standard errors for linear
 * regression with multi-stage samples", Survey Methodology 28 (2002); P. Hall, "On the removal of
 * skewness by transformation", JRSS B 54 (1992); T. Tango, Statistics in Medicine 17 (1998). How
 * they are put together is ours and stands on {@code fettle bench gate}.
 */
final class ClusteredScore {
  private final int[] sizes;
  private final int[] plus;
  private final int[] minus;
  private final int items;
  private final int wins;
  private final int losses;
  private final double mean;

  /** Of the mean difference, bias-reduced. */
  private final double variance;

  private final double quantile;

  /** Variance over that of as many independent items, at least 1: of differences; of differing. */
  private final double effect;

  private final double largerEffect;

  /**
   * Counts of each cluster.
   *
   * @param plus only the first arm right
   * @param minus only the second arm right
   * @param alpha one-sided
   */
  ClusteredScore(int[] sizes, int[] plus, int[] minus, double alpha) {
    this.sizes = sizes;
    this.plus = plus;
    this.minus = minus;
    items = Counts.sum(sizes);
    wins = Counts.sum(plus);
    losses = Counts.sum(minus);
    mean = (wins - losses) / (double) items;
    double differing = (wins + losses) / (double) items;
    double differenceSquares = 0;
    double differingSquares = 0;
    int differingClusters = 0;
    for (int i = 0; i < sizes.length; i++) {
      double leverage = sizes[i] / (double) items;
      double difference = plus[i] - minus[i] - sizes[i] * mean;
      double differs = plus[i] + minus[i] - sizes[i] * differing;
      differenceSquares += difference * difference / (1 - leverage);
      differingSquares += differs * differs / (1 - leverage);
      differingClusters += plus[i] + minus[i] > 0 ? 1 : 0;
    }
    variance = differenceSquares / items / items;
    effect = effect(variance, (differing - mean * mean) / items);
    largerEffect =
        Math.max(
            effect, effect(differingSquares / items / items, differing * (1 - differing) / items));
    double freedom = Math.min(freedom(sizes), differingClusters - 1);
    quantile =
        freedom < 1
            ? Double.POSITIVE_INFINITY
            : TDistribution.of(freedom).inverseSurvivalProbability(alpha);
  }

  /** The design effect of the mean difference, at least 1. */
  double effect() {
    return effect;
  }

  /** Too few clusters with a difference in them: nothing can be shown, whatever the value. */
  boolean isMute() {
    return Double.isInfinite(quantile);
  }

  boolean above(double d) {
    if (isMute() || !(mean > d)) {
      return false;
    }
    double lost = PairedProportions.lost(wins, losses, items, d);
    double hypothesis = (2 * lost + d * (1 - d)) / items;
    double effects = Math.max(largerEffect, effect(squaresAround(d), hypothesis));
    double skew = 2 * PairedProportions.skewness(lost, d, items / (1 + 2 * (effects - 1)));
    double score = PairedProportions.score(wins, losses, items, d);
    double raised = quantile + Math.abs(skew) / 6 * (quantile * quantile - 1);
    return mean - d > skewed(quantile, skew) * Math.sqrt(variance)
        && score > raised * Math.sqrt(effect);
  }

  /** Hall's transformation backwards: the quantile of a t statistic whose data are skewed. */
  private static double skewed(double quantile, double skew) {
    return skew < -1e-6 ? 3 / skew * (Math.cbrt(1 + skew * (quantile - skew / 6)) - 1) : quantile;
  }

  private double squaresAround(double d) {
    double squares = 0;
    for (int i = 0; i < sizes.length; i++) {
      double difference = plus[i] - minus[i] - sizes[i] * d;
      squares += difference * difference;
    }
    return squares / items / items;
  }

  private static double effect(double clustered, double independent) {
    return independent <= 0 ? 1 : Math.max(1, clustered / independent);
  }

  /**
   * Satterthwaite's degrees of freedom of the bias-reduced variance, the lesser of those for
   * independent items and for clusters that move as one. Equal clusters have their number less 1.
   */
  static double freedom(int[] sizes) {
    double items = Counts.sum(sizes);
    double squares = 0;
    for (int size : sizes) {
      squares += (double) size * size;
    }
    double h2 = 0;
    double weights = 0;
    double weightSquares = 0;
    double trace = 0;
    double norm = 0;
    double xx = 0;
    double yy = 0;
    double xy = 0;
    for (int size : sizes) {
      double h = size / items;
      double reduced = 1 / (1 - h);
      double own = reduced * size * size;
      double x = Math.sqrt(reduced) * h;
      double y = Math.sqrt(reduced) * (h * squares / 2 - (double) size * size);
      h2 += h * h;
      weights += h * h * reduced;
      weightSquares += h * h * reduced * h * h * reduced;
      trace += own + 2 * x * y;
      norm += own * own + 4 * own * x * y;
      xx += x * x;
      yy += y * y;
      xy += x * y;
    }
    double independent = 1 / (h2 + weights * weights - weightSquares);
    double asOne = trace * trace / (norm + 2 * (xx * yy + xy * xy));
    return Math.min(independent, asOne);
  }
}
