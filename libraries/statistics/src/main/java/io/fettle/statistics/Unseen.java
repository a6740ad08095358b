package io.fettle.statistics;

/** Bounds where the arms hardly differ, so that no variance is seen. */
final class Unseen {
  private Unseen() {}

  /**
   * What units may do that were not drawn, as if marks were yes or no on the marks' own range: all
   * units that differ were seen to do so alike, or at most one differs at all, either way.
   *
   * @param range of marks, from the least to the largest
   * @param differing units in which the arms differ
   */
  static Interval bounds(double seen, double range, int differing, int units, double alpha) {
    double confidence = 1 - 2 * alpha;
    if (differing > 1) {
      Interval none = PairedProportions.interval(0, 0, units, confidence);
      double scale = range + Math.abs(seen);
      return new Interval(seen, seen + scale * none.low(), seen + scale * none.high());
    }
    double low = PairedProportions.interval(0, differing, units, confidence).low();
    double high = PairedProportions.interval(differing, 0, units, confidence).high();
    return new Interval(seen, Math.min(seen, range * low), Math.max(seen, range * high));
  }
}
