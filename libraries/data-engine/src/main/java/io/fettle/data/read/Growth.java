package io.fettle.data.read;

import io.fettle.data.read.Unpacked.BrokenPacking;

/** Refuses what grows beyond all measure: a few kilobytes may else fill a disk. For one thread. */
final class Growth {
  /** Rows that repeat each other shrink to a hundredth; what shrinks to less holds nothing. */
  private static final long MOST = 1_000;

  private static final long SURELY_FINE = 256L << 20;

  private long unpacked;

  /**
   * Counts bytes that came out.
   *
   * @param more how many; none where it is negative
   * @param packed how many have gone in so far
   */
  void add(int more, long packed) throws BrokenPacking {
    unpacked += Math.max(more, 0);
    if (unpacked > SURELY_FINE && unpacked / MOST > packed) {
      throw new BrokenPacking(
          "grows to more than %,d times its size, which no rows do; nothing more of it is read"
              .formatted(MOST));
    }
  }
}
