package io.fettle.statistics;

import java.util.OptionalLong;
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

  static OptionalLong ofMean(MeanDifference mean, int units, MarginTest test) {
    double away = mean.estimate() - test.margin();
    double sd =
        (TDistribution.of(mean.freedom()).inverseSurvivalProbability(test.alpha())
                + NORMAL.inverseCumulativeProbability(POWER))
            * mean.error();
    return count(sd * sd / (away * away) * units);
  }

  /**
   * Where the arms hardly differ, so that no variance is seen: as {@link Unseen} bounds it, if no
   * more units differ than did.
   */
  static OptionalLong ofUnseen(
      double seen, double range, int differing, int units, MarginTest test) {
    int above = units;
    while (!decides(seen, range, differing, above, test)) {
      if (above > LARGEST) {
        return OptionalLong.empty();
      }
      above *= 2;
    }
    int below = above == units ? 1 : above / 2;
    while (above - below > 1) {
      int middle = below + (above - below) / 2;
      if (decides(seen, range, differing, middle, test)) {
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
