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
    int shift = Long.numberOfTrailingZeros(column.bit());
    int count = 0;
    for (long each : set) { // written in any case: no processor foresees of which column it is
      telling[count] = each & ~Shingles.COLUMNS;
      count += (int) (each >>> shift) & 1;
    }
    if (constants.size() > 0) {
      count = withoutConstants(telling, count);
    }
    if (count < least) {
      return NONE;
    }
    return count == set.length ? telling : Arrays.copyOf(telling, count);
  }

  private int withoutConstants(long[] telling, int size) {
    int count = 0;
    for (int i = 0; i < size; i++) {
      if (!constants.contains(telling[i])) {
        telling[count++] = telling[i];
      }
    }
    return count;
  }
}
