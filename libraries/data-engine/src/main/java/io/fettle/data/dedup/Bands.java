package io.fettle.data.dedup;

/**
 * How MinHash values are put together to keys. Two sets of Jaccard similarity J share one of {@code
 * count} keys of {@code width} values each with the probability 1 - (1 - J^width)^count.
 */
record Bands(int count, int width) {
  /** What fits eight registers of 16 numbers. */
  static final int MOST_VALUES = 128;

  private static final double LEAST_RECALL = 0.998;

  /**
   * The widest keys, which bring the fewest sets together in vain, with which 128 values suffice
   * for a recall of 0.998 at this similarity: {@code count = ln(1 - 0.998) / ln(1 - J^width)}. At
   * 80 % that is 21 keys of 6.
   */
  static Bands at(int percent) {
    var best = new Bands(MOST_VALUES, 1);
    for (int width = 1; width <= MOST_VALUES; width++) {
      double shared = Math.pow(percent / 100.0, width);
      int count = (int) Math.ceil(Math.log1p(-LEAST_RECALL) / Math.log1p(-shared));
      if (count * (long) width > MOST_VALUES) {
        break;
      }
      best = new Bands(Math.max(1, count), width);
    }
    return best;
  }

  double recall(double similarity) {
    return 1 - Math.pow(1 - Math.pow(similarity, width), count);
  }
}
