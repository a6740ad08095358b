package io.fettle.statistics;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The percentile bootstrap over items or clusters of them. Paired by construction: one resample of
 * item indices is given to the whole statistic, so a difference of two arms is taken on the same
 * items.
 *
 * <p>Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13;
 * of clusters: A. C. Davison and D. V. Hinkley, "Bootstrap Methods and their Application" (1997),
 * section 3.8.
 */
public final class Bootstrap {
  private Bootstrap() {}

  /**
   * The statistic on all items, with its percentile interval.
   *
   * @param items how many there are; resamples have as many, drawn with replacement
   * @param statistic of item indices, each from 0 to {@code items - 1}, with repeats
   * @param resamples at least 1,000 for a 95 % interval
   * @param confidence such as 0.95, two-sided
   * @param seed same seed, same interval
   * @throws IllegalArgumentException where there are no items or no resamples
   */
  public static Interval interval(
      int items, ToDoubleFunction<int[]> statistic, int resamples, double confidence, long seed) {
    return interval(Clusters.none(items), statistic, resamples, confidence, seed);
  }

  /**
   * The same where items belong together: whole clusters are drawn, as many as there are, so that a
   * resample has more or fewer items than there are.
   *
   * @throws IllegalArgumentException where there are no resamples
   */
  public static Interval interval(
      Clusters clusters,
      ToDoubleFunction<int[]> statistic,
      int resamples,
      double confidence,
      long seed) {
    double[] values = values(clusters, statistic, resamples, seed);
    int[] all = new int[clusters.items()];
    Arrays.setAll(all, item -> item);
    double tail = (1 - confidence) / 2;
    return new Interval(
        statistic.applyAsDouble(all), quantile(values, tail), quantile(values, 1 - tail));
  }

  /**
   * The item indices of each resample that the same arguments draw, for a second opinion.
   *
   * @throws IllegalArgumentException where there are no resamples
   */
  public static List<int[]> resamples(Clusters clusters, int resamples, long seed) {
    List<int[]> drawn = new ArrayList<>();
    values(
        clusters,
        items -> {
          drawn.add(items.clone());
          return 0;
        },
        resamples,
        seed);
    return drawn;
  }

  /** The statistic of each resample, ascending. */
  static double[] values(
      Clusters clusters, ToDoubleFunction<int[]> statistic, int resamples, long seed) {
    if (resamples <= 0) {
      throw new IllegalArgumentException(
          "%d resamples of %d items; needs at least one".formatted(resamples, clusters.items()));
    }
    SplittableRandom random = new SplittableRandom(seed);
    int[][] members = clusters.members();
    double[] values = new double[resamples];
    for (int resample = 0; resample < resamples; resample++) {
      int[][] drawn = new int[members.length][];
      Arrays.setAll(drawn, _ -> members[random.nextInt(members.length)]);
      values[resample] = statistic.applyAsDouble(joined(drawn));
    }
    Arrays.sort(values);
    return values;
  }

  private static int[] joined(int[][] drawn) {
    int items = 0;
    for (int[] cluster : drawn) {
      items += cluster.length;
    }
    int[] joined = new int[items];
    int filled = 0;
    for (int[] cluster : drawn) {
      for (int item : cluster) {
        joined[filled++] = item;
      }
    }
    return joined;
  }

  /** Linear between order statistics (type 7 of Hyndman and Fan, 1996). */
  static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
