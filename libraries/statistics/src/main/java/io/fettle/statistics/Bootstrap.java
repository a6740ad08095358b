package io.fettle.statistics;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.ToDoubleFunction;

/**
 * The percentile bootstrap over items. Paired by construction: one resample of item indices is
 * given to the whole statistic, so a difference of two arms is taken on the same items.
 *
 * <p>Source: B. Efron and R. J. Tibshirani, "An Introduction to the Bootstrap" (1993), chapter 13.
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
   */
  public static Interval interval(
      int items, ToDoubleFunction<int[]> statistic, int resamples, double confidence, long seed) {
    if (items <= 0 || resamples <= 0) {
      throw new IllegalArgumentException(
          "%d items and %d resamples; needs at least one of each".formatted(items, resamples));
    }
    SplittableRandom random = new SplittableRandom(seed);
    double[] values = new double[resamples];
    int[] drawn = new int[items];
    for (int resample = 0; resample < resamples; resample++) {
      for (int i = 0; i < items; i++) {
        drawn[i] = random.nextInt(items);
      }
      values[resample] = statistic.applyAsDouble(drawn);
    }
    Arrays.sort(values);
    for (int i = 0; i < items; i++) {
      drawn[i] = i;
    }
    double tail = (1 - confidence) / 2;
    return new Interval(
        statistic.applyAsDouble(drawn), quantile(values, tail), quantile(values, 1 - tail));
  }

  /** Linear between order statistics (type 7 of Hyndman and Fan, 1996). */
  static double quantile(double[] sorted, double probability) {
    double position = probability * (sorted.length - 1);
    int below = (int) Math.floor(position);
    int above = Math.min(below + 1, sorted.length - 1);
    return sorted[below] + (position - below) * (sorted[above] - sorted[below]);
  }
}
