package io.fettle.statistics;

import java.util.OptionalLong;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * Whether the share of items that have a mark, such as being slow, lies below a given one: the
 * exact binomial test.
 *
 * @param share that must not be reached, above 0 and below 1
 * @param alpha the most false passes, one-sided, such as 0.025
 */
public record ShareTest(double share, double alpha) {
  /** From here on one item more or less is no matter, and the normal approximation does. */
  private static final long COUNTED = 20_000;

  private static final double MOST = 1e15;
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  /**
   * A test of the given share.
   *
   * @throws IllegalArgumentException where {@code share} or {@code alpha} is none
   */
  public ShareTest {
    if (!(share > 0 && share < 1) || !(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException(
          "share %s at alpha %s; needs one above 0 and below 1, and an alpha below 0.5"
              .formatted(share, alpha));
    }
  }

  /** PASS where the share lies below, FAIL where it lies above. */
  public Outcome outcome(int marked, int items) {
    var atTheShare = BinomialDistribution.of(items, share);
    if (atTheShare.cumulativeProbability(marked) <= alpha) {
      return Outcome.PASS;
    }
    return atTheShare.survivalProbability(marked - 1) <= alpha
        ? Outcome.FAIL
        : Outcome.INCONCLUSIVE;
  }

  /**
   * So many items would decide it in four tests of five, if the share is as seen: the fewest that
   * do, and more than there are; where it is decided, as many as there are.
   *
   * <p>Source of the start, and of the whole above 20,000 items: J. M. Lachin, "Introduction to
   * sample size determination and power analysis for clinical trials", Controlled Clinical Trials 2
   * (1981).
   *
   * @return empty where the share seen is the share asked for, or nothing was seen
   */
  public OptionalLong needed(int marked, int items) {
    if (items == 0 || outcome(marked, items) != Outcome.INCONCLUSIVE) {
      return items == 0 ? OptionalLong.empty() : OptionalLong.of(items);
    }
    double seen = marked / (double) items;
    double away = seen - share;
    double sd =
        NORMAL.inverseSurvivalProbability(alpha) * Math.sqrt(share * (1 - share))
            + NORMAL.inverseCumulativeProbability(Need.POWER) * Math.sqrt(seen * (1 - seen));
    double about = sd * sd / (away * away);
    if (!(about < MOST)) {
      return OptionalLong.empty();
    }
    if (about > COUNTED) {
      return OptionalLong.of(Math.max(items + 1L, (long) Math.ceil(about)));
    }
    int enough = Math.max(items + 1, (int) (about / 2));
    while (power(seen, enough) < Need.POWER) {
      enough++;
    }
    return OptionalLong.of(enough);
  }

  /** How often so many items decide it, in the direction that was seen. */
  private double power(double seen, int items) {
    var atTheShare = BinomialDistribution.of(items, share);
    var asSeen = BinomialDistribution.of(items, seen);
    if (seen < share) {
      int most = atTheShare.inverseCumulativeProbability(alpha);
      boolean isTooMany = atTheShare.cumulativeProbability(most) > alpha;
      return asSeen.cumulativeProbability(isTooMany ? most - 1 : most);
    }
    return asSeen.survivalProbability(atTheShare.inverseSurvivalProbability(alpha));
  }
}
