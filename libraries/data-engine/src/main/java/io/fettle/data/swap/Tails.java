package io.fettle.data.swap;

import org.apache.commons.statistics.distribution.BinomialDistribution;

/** Tails of the binomial distribution. */
final class Tails {
  private Tails() {}

  /**
   * The least number of hits among n, and more than half of them, that comes by chance with less
   * than that probability; n + 1 if none does.
   */
  static int needed(int n, double rate, double probability) {
    var hits = BinomialDistribution.of(n, rate);
    int needed = n + 1;
    while (needed - 1 > n / 2 && hits.survivalProbability(needed - 2) < probability) {
      needed--;
    }
    return needed;
  }

  /** The probability of k hits and fewer. */
  static double atMost(int k, int n, double rate) {
    return BinomialDistribution.of(n, rate).cumulativeProbability(k);
  }
}
