package io.fettle.statistics;

import java.util.Arrays;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** How far two raters agree beyond chance. */
public final class Agreement {
  private Agreement() {}

  /**
   * Cohen's kappa of two raters over the same items: 1 where they always agree, 0 where they do as
   * often as by chance. Its interval is the normal one for many items; 50 and more.
   *
   * <p>Sources: J. Cohen, "A coefficient of agreement for nominal scales", Educational and
   * Psychological Measurement 20 (1960); its variance: J. L. Fleiss, J. Cohen and B. S. Everitt,
   * "Large sample standard errors of kappa and weighted kappa", Psychological Bulletin 72 (1969).
   *
   * @param first category numbers from 0, one an item, at the same index as in {@code second}
   * @param confidence such as 0.95, two-sided
   * @return within [-1, 1]; 1 where both raters know one category alone
   * @throws IllegalArgumentException where there are no items, or the raters' differ in number
   */
  public static Interval kappa(int[] first, int[] second, double confidence) {
    double[][] shares = shares(first, second);
    int categories = shares.length;
    double[] rows = new double[categories];
    double[] columns = new double[categories];
    double agreed = 0;
    for (int i = 0; i < categories; i++) {
      agreed += shares[i][i];
      for (int j = 0; j < categories; j++) {
        rows[i] += shares[i][j];
        columns[j] += shares[i][j];
      }
    }
    double chance = 0;
    for (int i = 0; i < categories; i++) {
      chance += rows[i] * columns[i];
    }
    if (chance >= 1) {
      return new Interval(1, 1, 1);
    }
    double kappa = (agreed - chance) / (1 - chance);
    double variance = spread(shares, rows, columns, kappa);
    double centred = kappa - chance * (1 - kappa);
    double error =
        Math.sqrt(Math.max(0, variance - centred * centred) / first.length) / (1 - chance);
    double half =
        NormalDistribution.of(0, 1).inverseSurvivalProbability((1 - confidence) / 2) * error;
    return new Interval(kappa, Math.max(-1, kappa - half), Math.min(1, kappa + half));
  }

  private static double spread(double[][] shares, double[] rows, double[] columns, double kappa) {
    double sum = 0;
    for (int i = 0; i < rows.length; i++) {
      for (int j = 0; j < rows.length; j++) {
        double weight =
            i == j
                ? 1 - (rows[i] + columns[i]) * (1 - kappa)
                : (columns[i] + rows[j]) * (1 - kappa);
        sum += shares[i][j] * weight * weight;
      }
    }
    return sum;
  }

  private static double[][] shares(int[] first, int[] second) {
    if (first.length == 0 || first.length != second.length) {
      throw new IllegalArgumentException(
          "%d ratings and %d; needs one of each rater for every item, at least one item"
              .formatted(first.length, second.length));
    }
    int most =
        Math.max(Arrays.stream(first).max().orElse(0), Arrays.stream(second).max().orElse(0));
    double[][] shares = new double[most + 1][most + 1];
    for (int item = 0; item < first.length; item++) {
      if (first[item] < 0 || second[item] < 0) {
        throw new IllegalArgumentException(
            "item %d is rated %d and %d; needs categories from 0"
                .formatted(item, first[item], second[item]));
      }
      shares[first[item]][second[item]] += 1.0 / first.length;
    }
    return shares;
  }
}
