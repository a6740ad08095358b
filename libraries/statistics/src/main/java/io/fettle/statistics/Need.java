package io.fettle.statistics;

import java.util.OptionalLong;
import java.util.function.IntPredicate;
import org.apache.commons.statistics.distribution.NormalDistribution;
import org.apache.commons.statistics.distribution.TDistribution;

/**
 * How many clusters or items would decide a test in four gates of five, if difference and variance
 * are as seen.
 *
 * <p>Source: J. M. Lachin, "Introduction to sample size determination and power analysis for
 * clinical trials", Controlled Clinical Trials 2 (1981): {@code n = ((z_alpha * sd under the margin
 * + z_beta * sd as seen) / (difference - margin))^2}.
 */
final class Need {
  static final double POWER = 0.8;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double MOST = 1e15;
  private static final int LARGEST = 1 << 28;

  private Need() {}

  /**
   * Of Tango's score.
   *
   * @param unitsPerItem times the items that independent ones would need
   */
  static OptionalLong ofScore(
      int plus, int minus, int items, double unitsPerItem, MarginTest test) {
    double seen = (plus - minus) / (double) items;
    double away = seen - test.margin();
    double variance = (plus + minus) / (double) items - seen * seen;
    double margin = Math.clamp(test.margin(), -1, 1);
    double lost = PairedProportions.lost(plus, minus, items, margin);
    double underMargin = Math.max(0, 2 * lost + margin * (1 - margin));
    double sd =
        NORMAL.inverseSurvivalProbability(test.alpha()) * Math.sqrt(underMargin)
            + NORMAL.inverseCumulativeProbability(POWER) * Math.sqrt(variance);
    return count(sd * sd / (away * away) * unitsPerItem);
  }

  /**
   * Of a mean, or what is as good as one.
   *
   * @param differing units in which the arms differ, whose share stays as it is: Student's quantile
   *     is of so many
   */
  static OptionalLong ofMean(MeanDifference mean, int differing, int units, MarginTest test) {
    double away = Math.abs(mean.estimate() - test.margin());
    double share = differing / (double) units;
    double sd = mean.error() * Math.sqrt(units);
    return fewest(n -> away * Math.sqrt(n) >= sd * quantiles(test.alpha(), share * n), units);
  }

  private static double quantiles(double alpha, double differing) {
    return TDistribution.of(Math.max(1, differing - 1)).inverseSurvivalProbability(alpha)
        + NORMAL.inverseCumulativeProbability(POWER);
  }

  /**
   * Where the arms hardly differ, so that no variance is seen: as {@link Unseen} bounds it, if no
   * more units differ than did: the weight of a single one shrinks, what all do alike stays.
   */
  static OptionalLong ofUnseen(
      double seen, double range, int differing, int units, MarginTest test) {
    return fewest(
        n -> {
          double then = differing == 1 ? seen * units / n : seen;
          return decides(then, range, differing, n, test);
        },
        units);
  }

  /** The fewest units that do, where more always do; looked for from as many as there are. */
  private static OptionalLong fewest(IntPredicate enough, int units) {
    int above = units;
    while (!enough.test(above)) {
      if (above > LARGEST) {
        return OptionalLong.empty();
      }
      above *= 2;
    }
    int below = above == units ? 1 : above / 2;
    while (above - below > 1) {
      int middle = below + (above - below) / 2;
      if (enough.test(middle)) {
        above = middle;
      } else {
        below = middle;
      }
    }
    return OptionalLong.of(Math.max(2, above));
  }

  private static boolean decides(
      double seen, double range, int differing, int units, MarginTest test) {
    Interval bounds = Unseen.bounds(seen, range, differing, units, test.alpha());
    return bounds.low() > test.margin() || bounds.high() < test.margin();
  }

  private static OptionalLong count(double units) {
    return units < MOST
        ? OptionalLong.of(Math.max(2, (long) Math.ceil(units)))
        : OptionalLong.empty();
  }
}
