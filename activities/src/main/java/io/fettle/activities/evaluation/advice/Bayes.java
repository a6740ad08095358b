package io.fettle.activities.evaluation.advice;

import java.util.stream.IntStream;

/** Multinomial naive Bayes over hashed features. */
final class Bayes {
  private static final double SMOOTHING = 0.1;

  /** Logarithms of smoothed counts; most counts are small. */
  private static final double[] LOGS =
      IntStream.range(0, 1 << 10).mapToDouble(count -> Math.log(count + SMOOTHING)).toArray();

  private final int labels;
  private final int[] counts;
  private final boolean[] known;
  private final double[] totals;
  private final int[] rows;
  private int seen;

  Bayes(int slots, int labels) {
    this.labels = labels;
    this.counts = new int[slots * labels];
    this.known = new boolean[slots];
    this.totals = new double[labels];
    this.rows = new int[labels];
  }

  void learn(int[] features, int label) {
    rows[label]++;
    totals[label] += features.length;
    for (int feature : features) {
      seen += known[feature] ? 0 : 1;
      known[feature] = true;
      counts[feature * labels + label]++;
    }
  }

  /** Log-likelihoods by label, up to one constant; features never seen say nothing. */
  double[] scores(int[] features) {
    double[] scores = new double[labels];
    double[] weights = new double[labels];
    for (int label = 0; label < labels; label++) {
      scores[label] = Math.log(rows[label] + 1.0);
      weights[label] = Math.log(totals[label] + SMOOTHING * seen);
    }
    for (int feature : features) {
      for (int label = 0; known[feature] && label < labels; label++) {
        scores[label] += log(counts[feature * labels + label]) - weights[label];
      }
    }
    return scores;
  }

  private static double log(int count) {
    return count < LOGS.length ? LOGS[count] : Math.log(count + SMOOTHING);
  }
}
