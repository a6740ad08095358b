package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.Arrays;

/**
 * What tells a row from others in one column: its shingles but for the constants, or none where
 * fewer than so many are left. For any number of threads.
 *
 * @param all every column's sets, constants included
 */
record Telling(ShingleSets all, Column column, ShingleCounts constants, int least)
    implements ShingleSets {
  private static final long[] NONE = {};

  @Override
  public int count() {
    return all.count();
  }

  @Override
  public long[] of(int row) {
    var set = all.of(row);
    var telling = new long[set.length];
    boolean some = constants.size() > 0;
    int count = 0;
    for (long each : set) {
      long shingle = each & ~Shingles.COLUMNS;
      if ((each & column.bit()) != 0 && !(some && constants.contains(shingle))) {
        telling[count++] = shingle;
      }
    }
    return count < least ? NONE : Arrays.copyOf(telling, count);
  }
}
