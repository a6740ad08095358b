package io.fettle.statistics;

import java.util.Arrays;
import java.util.Comparator;

/** Several tests of which any may be the one to report. */
public final class Holm {
  private Holm() {}

  /**
   * Adjusted p-values: those at most alpha are shown, with at most alpha of a chance that any of
   * them is wrong, however the tests depend on each other. A gate whose conditions all have to pass
   * needs none of it; a report that picks from its comparisons does.
   *
   * <p>Source: S. Holm, "A simple sequentially rejective multiple test procedure", Scandinavian
   * Journal of Statistics 6 (1979).
   *
   * @param values p-values from 0 to 1
   * @return in the order of the values
   * @throws IllegalArgumentException where one is no p-value
   */
  public static double[] adjust(double... values) {
    for (double value : values) {
      if (!(value >= 0 && value <= 1)) {
        throw new IllegalArgumentException(
            "a p-value is %s; needs numbers from 0 to 1".formatted(value));
      }
    }
    Integer[] order = new Integer[values.length];
    Arrays.setAll(order, test -> test);
    Arrays.sort(order, Comparator.comparingDouble(test -> values[test]));
    double[] adjusted = new double[values.length];
    double least = 0;
    for (int rank = 0; rank < order.length; rank++) {
      least = Math.max(least, Math.min(1, (values.length - rank) * values[order[rank]]));
      adjusted[order[rank]] = least;
    }
    return adjusted;
  }
}
