package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;

/** Texts that are found in another one: the longest of several that begin at the same place. */
final class AddedTokens {
  /** By first byte, the longest first; null where none begins so. */
  private final Added[][] byFirst = new Added[256][];

  AddedTokens(Map<String, Integer> tokens) {
    tokens.entrySet().stream()
        .map(each -> new Added(each.getKey().getBytes(UTF_8), each.getValue()))
        .filter(each -> each.length() > 0)
        .sorted(Comparator.comparingInt(each -> -each.length()))
        .forEach(this::put);
  }

  /** {@code <|im_end|>} and its like. */
  static final class Added {
    private final byte[] bytes;
    private final int id;

    private Added(byte[] bytes, int id) {
      this.bytes = bytes;
      this.id = id;
    }

    int length() {
      return bytes.length;
    }

    int id() {
      return id;
    }

    private boolean isAt(byte[] text, int at, int to) {
      return to - at >= bytes.length
          && Arrays.equals(text, at, at + bytes.length, bytes, 0, bytes.length);
    }
  }

  @SuppressWarnings("NullAway") // an array's cells are null at first
  private void put(Added added) {
    int first = added.bytes[0] & 0xFF;
    var there = byFirst[first];
    var longer = there == null ? new Added[1] : Arrays.copyOf(there, there.length + 1);
    longer[longer.length - 1] = added;
    byFirst[first] = longer;
  }

  /** Where the first one begins; {@code to} if there is none. */
  int find(byte[] text, int from, int to) {
    for (int at = from; at < to; at++) {
      var beginning = byFirst[text[at] & 0xFF];
      if (beginning != null && isAny(beginning, text, at, to)) {
        return at;
      }
    }
    return to;
  }

  private static boolean isAny(Added[] beginning, byte[] text, int at, int to) {
    for (var each : beginning) {
      if (each.isAt(text, at, to)) {
        return true;
      }
    }
    return false;
  }

  /** The one that {@link #find} found. */
  Added at(byte[] text, int found, int to) {
    for (var each : byFirst[text[found] & 0xFF]) {
      if (each.isAt(text, found, to)) {
        return each;
      }
    }
    throw new IllegalArgumentException("no added token begins at " + found);
  }
}
