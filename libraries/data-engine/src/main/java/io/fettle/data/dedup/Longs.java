package io.fettle.data.dedup;

import java.util.ArrayList;
import java.util.List;

/** A list of numbers that grows without copying what it holds. */
final class Longs {
  private static final int BITS = 16;
  private static final int MASK = (1 << BITS) - 1;

  private final List<long[]> blocks = new ArrayList<>();
  private long count;

  void add(long value) {
    int at = (int) (count & MASK);
    if (at == 0) {
      blocks.add(new long[MASK + 1]);
    }
    blocks.getLast()[at] = value;
    count++;
  }

  long get(long index) {
    return blocks.get((int) (index >> BITS))[(int) (index & MASK)];
  }
}
