package io.fettle.data.row;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/** Finds line feeds, eight bytes at a time. */
public final class LineEnds {
  private static final VarHandle LONGS =
      MethodHandles.byteArrayViewVarHandle(long[].class, ByteOrder.LITTLE_ENDIAN);

  private static final long FEEDS = 0x0A0A0A0A0A0A0A0AL;
  private static final long REST = 0x7F7F7F7F7F7F7F7FL;

  private LineEnds() {}

  /** The place of the first line feed from {@code from} on, or {@code to}. */
  public static int next(byte[] bytes, int from, int to) {
    int at = from;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      long feeds = feeds(bytes, at);
      if (feeds != 0) {
        return at + (Long.numberOfTrailingZeros(feeds) >> 3);
      }
    }
    while (at < to && bytes[at] != '\n') {
      at++;
    }
    return at;
  }

  /** How many line feeds lie before {@code to}. */
  public static int count(byte[] bytes, int to) {
    int count = 0;
    int at = 0;
    for (; at + Long.BYTES <= to; at += Long.BYTES) {
      count += Long.bitCount(feeds(bytes, at));
    }
    for (; at < to; at++) {
      count += bytes[at] == '\n' ? 1 : 0;
    }
    return count;
  }

  /** The highest bit of each byte that is one; no sum reaches the next byte. */
  private static long feeds(byte[] bytes, int at) {
    long zeros = (long) LONGS.get(bytes, at) ^ FEEDS;
    return ~(((zeros & REST) + REST) | zeros | REST);
  }
}
