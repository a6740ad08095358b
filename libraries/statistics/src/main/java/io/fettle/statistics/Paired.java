package io.fettle.statistics;

import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.TDistribution;

/** Intervals of measurements that were taken in pairs. */
public final class Paired {
  private Paired() {}

  /**
   * The ratio {@code above / below}: the geometric mean of the pairs' ratios. Student's t with one
   * degree of freedom less than there are pairs, on the logarithms of the ratios, which are
   * symmetric about their middle where ratios are not.
   *
   * <p>Source: Student, "The probable error of a mean", Biometrika 6 (1908), on the paired
   * differences of logarithms.
   *
   * @param above positive, a pair at the same index as in {@code below}; at least two pairs
   * @param confidence such as 0.95, two-sided
   */
  public static Interval ratio(double[] above, double[] below, double confidence) {
    int pairs = above.length;
    if (pairs != below.length || pairs < 2) {
      throw new IllegalArgumentException(
          "%d values above and %d below; needs at least two pairs".formatted(pairs, below.length));
    }
    double[] logs =
        IntStream.range(0, pairs).mapToDouble(pair -> log(above[pair], below[pair])).toArray();
    double mean = DoubleStream.of(logs).sum() / pairs;
    double squares = 0;
    for (double log : logs) {
      squares += (log - mean) * (log - mean);
    }
    double error = Math.sqrt(squares / (pairs - 1) / pairs);
    double t = TDistribution.of(pairs - 1).inverseSurvivalProbability((1 - confidence) / 2);
    return new Interval(Math.exp(mean), Math.exp(mean - t * error), Math.exp(mean + t * error));
  }

  private static double log(double above, double below) {
    double ratio = above / below;
    if (!(above > 0) || !(below > 0) || Double.isInfinite(ratio)) {
      throw new IllegalArgumentException(
          "a pair is %s to %s; a ratio needs two positive numbers".formatted(above, below));
    }
    return Math.log(ratio);
  }
}
