package io.fettle.statistics;

import java.util.function.DoublePredicate;

/** Bounds from tests. */
final class Inversion {
  /** Halvings of an interval of length 2 until doubles run out. */
  private static final int HALVINGS = 60;

  private Inversion() {}

  /**
   * The end of a confidence interval below: the largest value between two that is shown to be too
   * small, where those above it are not shown to be.
   *
   * @param from where the search begins; the answer if not even this is too small
   * @param seen the estimate, which is never too small
   */
  static double low(double from, double seen, DoublePredicate tooSmall) {
    if (from >= seen || !tooSmall.test(from)) {
      return Math.min(from, seen);
    }
    double below = from;
    double above = seen;
    for (int i = 0; i < HALVINGS; i++) {
      double middle = below + (above - below) / 2;
      if (tooSmall.test(middle)) {
        below = middle;
      } else {
        above = middle;
      }
    }
    return below;
  }
}
