package io.fettle.data.tokens;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/**
 * How many tokens short pieces are, as far as they came before: most of a text is the same few
 * thousand words. A piece takes the place of another one that falls on its slot. For one thread.
 */
final class PretokenCache {
  /** Longer pieces are rare, and are encoded each time. */
  static final int LONGEST = 15;

  /** Bytes that must be readable after a piece's first. */
  static final int PADDING = 16;

  private static final int BITS = 16;
  private static final long PRIME = 0x9E37_79B9_7F4A_7C15L;
  private static final VarHandle LONG =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  /** The first eight bytes; the other seven with the length above them, which is never 0. */
  private final long[] keys = new long[2 << BITS];

  private final int[] counts = new int[1 << BITS];

  private final BytePairs pairs;

  PretokenCache(BytePairs pairs) {
    this.pairs = pairs;
  }

  int count(byte[] text, int from, int to) {
    int length = to - from;
    if (length > LONGEST) {
      return pairs.encode(text, from, to);
    }
    long low = (long) LONG.get(text, from) & mask(Math.min(length, Long.BYTES));
    long high =
        ((long) LONG.get(text, from + Long.BYTES) & mask(Math.max(0, length - Long.BYTES)))
            | (long) length << 56;
    int slot = (int) (((low ^ Long.rotateLeft(high * PRIME, 29)) * PRIME) >>> (64 - BITS));
    if (keys[2 * slot] == low && keys[2 * slot + 1] == high) {
      return counts[slot];
    }
    int count = pairs.encode(text, from, to);
    keys[2 * slot] = low;
    keys[2 * slot + 1] = high;
    counts[slot] = count;
    return count;
  }

  private static long mask(int bytes) {
    return bytes == Long.BYTES ? -1 : (1L << (8 * bytes)) - 1;
  }
}
