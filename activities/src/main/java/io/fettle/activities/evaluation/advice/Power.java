package io.fettle.activities.evaluation.advice;

import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a number of items can show.
 *
 * <p>Source: the normal approximation of McNemar's test, {@code n = (z_alpha/2 + z_power)^2 (p_d -
 * d^2) / d^2}, with discordance {@code p_d}.
 */
final class Power {
  /** Items that two arms answer differently; 0.2 is usual of two arms of one model. */
  private static final double DISCORDANCE = 0.2;

  private static final double POWER = 0.8;

  /** Nobody is asked for more items than this. */
  static final int MOST = 5_000;

  private Power() {}

  /** The smallest true difference that is seen in four trials of five; at most 1. */
  static double detectable(int items, double alpha) {
    double z = Marks.z(1 - alpha) + NormalDistribution.of(0, 1).inverseCumulativeProbability(POWER);
    return Math.min(1, z * Math.sqrt(DISCORDANCE / (items + z * z)));
  }

  /**
   * Items until an interval about {@code share} leaves {@code bound} out; at most {@link #MOST}.
   */
  static int itemsToTell(double share, double bound, double alpha) {
    double gap = Math.abs(share - bound);
    double z = Marks.z(1 - alpha);
    double needed = z * z * Math.max(0.05, share * (1 - share)) / Math.max(1e-9, gap * gap);
    return (int) Math.min(MOST, Math.ceil(needed));
  }
}
