package io.fettle.statistics;

import org.apache.commons.statistics.distribution.TDistribution;

/**
 * The mean difference of two arms on the same items.
 *
 * @param estimate in the marks' unit, first arm minus second
 * @param error its standard error, of clusters where items belong together
 * @param freedom one less than there are clusters, or items where each is for itself
 */
public record MeanDifference(double estimate, double error, int freedom) {

  /**
   * Estimate and standard error. With every item for itself the error is {@code sd / sqrt(n)}; else
   * {@code sqrt(C/(C-1) * sum over clusters of (sum of the cluster's deviations)^2) / n}.
   *
   * <p>Source: E. Miller, "Adding error bars to evals", arXiv 2411.00640 (2024), with the factor
   * for few clusters {@code C}, as Inspect computes it.
   *
   * @param first marks, one an item, at the same index as in {@code second}
   * @throws IllegalArgumentException where the arms differ in length, or there are fewer than two
   *     clusters
   */
  public static MeanDifference of(double[] first, double[] second, Clusters clusters) {
    return of(differences(first, second), clusters);
  }

  static MeanDifference of(double[] differences, Clusters clusters) {
    double[] sums = clusters.sums(differences);
    int[] sizes = clusters.sizes();
    int count = clusters.count();
    if (count < 2) {
      throw new IllegalArgumentException("one cluster; a standard error needs at least two");
    }
    double mean = 0;
    for (double sum : sums) {
      mean += sum;
    }
    mean /= clusters.items();
    double squares = 0;
    for (int cluster = 0; cluster < count; cluster++) {
      double deviation = sums[cluster] - sizes[cluster] * mean;
      squares += deviation * deviation;
    }
    double error = Math.sqrt(squares * count / (count - 1)) / clusters.items();
    return new MeanDifference(mean, error, count - 1);
  }

  static double[] differences(double[] first, double[] second) {
    if (first.length != second.length) {
      throw new IllegalArgumentException(
          "%d marks and %d; needs one of each arm for every item"
              .formatted(first.length, second.length));
    }
    double[] differences = new double[first.length];
    for (int item = 0; item < first.length; item++) {
      differences[item] = first[item] - second[item];
      if (!Double.isFinite(differences[item])) {
        throw new IllegalArgumentException(
            "item %d has the marks %s and %s; needs numbers"
                .formatted(item, first[item], second[item]));
      }
    }
    return differences;
  }

  /**
   * Student's t interval.
   *
   * @param confidence such as 0.95, two-sided
   */
  public Interval interval(double confidence) {
    return interval(confidence, freedom);
  }

  Interval interval(double confidence, int degrees) {
    double t = TDistribution.of(degrees).inverseSurvivalProbability((1 - confidence) / 2);
    return new Interval(estimate, estimate - t * error, estimate + t * error);
  }
}
