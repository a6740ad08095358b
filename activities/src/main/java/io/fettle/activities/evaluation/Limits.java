package io.fettle.activities.evaluation;

import io.fettle.statistics.ShareTest;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Verdict;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.apache.commons.statistics.distribution.BinomialDistribution;

/**
 * What an answer of the candidate may take. The bounds of a quantile are order statistics, right
 * for any distribution.
 *
 * <p>Source: H. A. David and H. N. Nagaraja, "Order Statistics" (2003), section 7.1.
 */
final class Limits {
  private static final double SLOW = 0.95;
  private static final double HOUR = 3_600;
  private static final double THOUSAND = 1_000;

  private final GateLimits asked;
  private final double alpha;

  /**
   * As the criteria say.
   *
   * @param alpha one-sided
   */
  Limits(GateLimits asked, double alpha) {
    this.asked = asked;
    this.alpha = alpha;
  }

  /**
   * Each limit that is asked for.
   *
   * @param seconds of each answer
   * @param concurrency answers that were asked for at once
   */
  List<Limit> of(double[] seconds, int concurrency) {
    List<Limit> limits = new ArrayList<>();
    Double slowest = asked.maxP95Seconds();
    if (slowest != null) {
      limits.add(latency(seconds, slowest));
    }
    Double dearest = asked.maxDollarsPerThousand();
    if (dearest != null) {
      double wall = Arrays.stream(seconds).sum() / concurrency;
      double dollars = wall / HOUR * asked.dollarsPerHour() / seconds.length * THOUSAND;
      limits.add(
          new Limit(
              "dollars per 1000 answers",
              dollars,
              dollars,
              dollars,
              dearest,
              dollars <= dearest ? Verdict.PASS : Verdict.FAIL,
              seconds.length,
              seconds.length));
    }
    return limits;
  }

  private Limit latency(double[] seconds, double most) {
    double[] sorted = seconds.clone();
    Arrays.sort(sorted);
    int slower = 0;
    for (double one : sorted) {
      slower += one > most ? 1 : 0;
    }
    var slow = new ShareTest(1 - SLOW, alpha);
    Verdict verdict =
        switch (slow.outcome(slower, sorted.length)) {
          case PASS -> Verdict.PASS;
          case FAIL -> Verdict.FAIL;
          case INCONCLUSIVE -> Verdict.INCONCLUSIVE;
        };
    var below = BinomialDistribution.of(sorted.length, SLOW);
    int low = below.inverseCumulativeProbability(alpha);
    int high = below.inverseSurvivalProbability(alpha) + 1;
    return new Limit(
        "seconds of the slowest answer in 20",
        sorted[place((int) Math.ceil(SLOW * sorted.length) - 1, sorted)],
        sorted[place(low - 1, sorted)],
        sorted[place(high - 1, sorted)],
        most,
        verdict,
        sorted.length,
        slow.needed(slower, sorted.length).orElse(Comparison.UNKNOWN));
  }

  private static int place(int place, double[] sorted) {
    return Math.clamp(place, 0, sorted.length - 1);
  }
}
