package io.fettle.statistics;

import org.apache.commons.statistics.distribution.NormalDistribution;

/** Intervals of a proportion. */
public final class Proportions {
  private Proportions() {}

  /**
   * Wilson's score interval: inside [0, 1] and of honest width near its ends, unlike Wald's.
   *
   * <p>Source: E. B. Wilson, "Probable inference, the law of succession, and statistical
   * inference", JASA 22 (1927).
   *
   * @param successes of {@code trials}
   * @param confidence such as 0.95, two-sided
   */
  public static Interval wilson(int successes, int trials, double confidence) {
    if (trials <= 0 || successes < 0 || successes > trials) {
      throw new IllegalArgumentException(
          "%d successes of %d trials; needs at least one trial and no more successes than trials"
              .formatted(successes, trials));
    }
    return wilsonOfShare(successes / (double) trials, trials, confidence);
  }

  /**
   * The same of a share, over as many trials as its items are worth independent ones: fewer than
   * there are where they hang together.
   *
   * @param share from 0 to 1
   * @param trials above 0
   * @param confidence such as 0.95, two-sided
   */
  public static Interval wilsonOfShare(double share, double trials, double confidence) {
    double z = NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2);
    double z2n = z * z / trials;
    double centre = (share + z2n / 2) / (1 + z2n);
    double half = z * Math.sqrt(share * (1 - share) / trials + z2n / (4 * trials)) / (1 + z2n);
    return new Interval(share, Math.max(0, centre - half), Math.min(1, centre + half));
  }
}
