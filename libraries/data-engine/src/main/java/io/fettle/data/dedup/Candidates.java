package io.fettle.data.dedup;

import java.util.Arrays;

/** What an index finds for one row: each other row once, and none whose size alone rules it out. */
final class Candidates {
  private static final int NOBODY = -1;

  private final int[] sizes;
  private final int percent;
  private final int[] seenBy;
  private final Index.Found found = new Index.Found();
  private int row = NOBODY;

  Candidates(int[] sizes, int percent) {
    this.sizes = sizes;
    this.percent = percent;
    seenBy = new int[sizes.length];
    clear();
  }

  /** Forgets which rows were there. */
  void clear() {
    Arrays.fill(seenBy, NOBODY);
    row = NOBODY;
  }

  /** Forgets what was found for another row. */
  void begin(int next) {
    row = next;
    found.clear();
  }

  void consider(int other) {
    boolean isNew = seenBy[other] != row;
    seenBy[other] = row;
    long longer = Math.max(sizes[row], sizes[other]);
    long shorter = Math.min(sizes[row], sizes[other]);
    if (isNew && 100 * shorter >= percent * longer) {
      found.add(other);
    }
  }

  Index.Found found() {
    return found;
  }
}
