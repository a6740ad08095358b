package io.fettle.data.dedup;

/** Exact counts of the shingles that it is told of; open addressing. For one thread. */
final class ShingleCounts {
  private static final int SMALLEST = 1 << 6;

  private long[] keys = new long[SMALLEST];
  private int[] counts = new int[SMALLEST];
  private int size;

  interface Each {
    void of(long shingle, int count);
  }

  void add(long shingle) {
    int at = place(shingle);
    if (counts[at] == 0) {
      keys[at] = shingle;
      size++;
    }
    counts[at]++;
    if (size * 2 > keys.length) {
      grow();
    }
  }

  boolean contains(long shingle) {
    return counts[place(shingle)] > 0;
  }

  int size() {
    return size;
  }

  void forEach(Each each) {
    for (int i = 0; i < keys.length; i++) {
      if (counts[i] > 0) {
        each.of(keys[i], counts[i]);
      }
    }
  }

  private int place(long shingle) {
    int mask = keys.length - 1;
    int at = (int) (shingle >>> 32) & mask;
    while (counts[at] > 0 && keys[at] != shingle) {
      at = (at + 1) & mask;
    }
    return at;
  }

  private void grow() {
    var oldKeys = keys;
    var oldCounts = counts;
    keys = new long[2 * oldKeys.length];
    counts = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldCounts[i] > 0) {
        int at = place(oldKeys[i]);
        keys[at] = oldKeys[i];
        counts[at] = oldCounts[i];
      }
    }
  }
}
