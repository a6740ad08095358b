package io.fettle.data.tokens;

import java.util.Arrays;

/** Which token a byte is, and which two neighbours become one token, and when. */
final class Merges {
  /** No pair. */
  static final long NONE = Long.MAX_VALUE;

  private static final long EMPTY = -1;
  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;

  private final long[] keys;
  private final long[] values;
  private final int shift;
  private final int[] ofByte;

  /**
   * An empty table.
   *
   * @param most pairs that will be put
   * @param ofByte the token of each byte; -1 for one that the vocabulary lacks and that counts for
   *     nothing
   */
  Merges(int most, int[] ofByte) {
    this.ofByte = ofByte.clone();
    int bits = Math.max(4, 33 - Integer.numberOfLeadingZeros(Math.max(1, most)));
    this.keys = new long[1 << bits];
    this.values = new long[1 << bits];
    this.shift = 64 - bits;
    Arrays.fill(keys, EMPTY);
  }

  /** The first of a pair's ranks counts. */
  void put(int left, int right, int rank, int merged) {
    long key = key(left, right);
    int slot = slot(key);
    while (keys[slot] != EMPTY && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    if (keys[slot] == EMPTY) {
      keys[slot] = key;
      values[slot] = (long) rank << 32 | merged;
    }
  }

  /** The rank above, the merged token below; {@link #NONE}, which no rank is above. */
  long of(int left, int right) {
    long key = key(left, right);
    for (int slot = slot(key); keys[slot] != EMPTY; slot = (slot + 1) & (keys.length - 1)) {
      if (keys[slot] == key) {
        return values[slot];
      }
    }
    return NONE;
  }

  /** The token of a byte, or -1. */
  int ofByte(byte value) {
    return ofByte[value & 0xFF];
  }

  private int slot(long key) {
    return (int) ((key * PRIME) >>> shift);
  }

  private static long key(int left, int right) {
    return (long) left << 32 | right;
  }
}
