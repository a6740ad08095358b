package io.fettle.data.tokens;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.Map;
import java.util.PriorityQueue;

/**
 * Byte-pair encoding of one piece: of all neighbours that may merge those of the lowest rank do,
 * the leftmost first, until none may. (Sennrich et al. 2016, <a
 * href="https://arxiv.org/abs/1508.07909">arXiv 1508.07909</a>.) For one thread.
 */
final class BytePairs {
  /** Up to so many bytes looking at all of them again is quicker than a heap. */
  private static final int SHORT = 64;

  private final Merges merges;
  private final Map<String, Integer> whole;
  private int[] tokens = new int[SHORT];
  private long[] pairs = new long[SHORT];

  /**
   * Of one tokenizer.
   *
   * @param whole pieces that are one token whatever the merges say, by their bytes as Latin-1
   */
  BytePairs(Merges merges, Map<String, Integer> whole) {
    this.merges = merges;
    this.whole = whole;
  }

  /** How many tokens the bytes are; they stand in {@link #token} until the next call. */
  int encode(byte[] text, int from, int to) {
    if (!whole.isEmpty()) {
      var token = whole.get(new String(text, from, to - from, ISO_8859_1));
      if (token != null) {
        tokens[0] = token;
        return 1;
      }
    }
    return merged(text, from, to);
  }

  private int merged(byte[] text, int from, int to) {
    int bytes = to - from;
    if (tokens.length < bytes) {
      tokens = new int[Math.max(bytes, 2 * tokens.length)];
      pairs = new long[tokens.length];
    }
    int count = 0;
    for (int at = from; at < to; at++) {
      int token = merges.ofByte(text[at]);
      if (token >= 0) {
        tokens[count++] = token;
      }
    }
    return count <= SHORT ? scanned(count) : queued(count);
  }

  int token(int at) {
    return tokens[at];
  }

  private int scanned(int bytes) {
    int count = bytes;
    for (int i = 0; i + 1 < count; i++) {
      pairs[i] = merges.of(tokens[i], tokens[i + 1]);
    }
    while (count > 1) {
      int best = 0;
      for (int i = 1; i + 1 < count; i++) {
        best = pairs[i] >>> 32 < pairs[best] >>> 32 ? i : best;
      }
      if (pairs[best] == Merges.NONE) {
        return count;
      }
      tokens[best] = (int) pairs[best];
      int left = count - best - 2;
      System.arraycopy(tokens, best + 2, tokens, best + 1, left);
      System.arraycopy(pairs, best + 2, pairs, best + 1, Math.max(0, left - 1));
      count--;
      if (best > 0) {
        pairs[best - 1] = merges.of(tokens[best - 1], tokens[best]);
      }
      if (best + 1 < count) {
        pairs[best] = merges.of(tokens[best], tokens[best + 1]);
      }
    }
    return count;
  }

  /** A pair that may merge, unless one of its two has changed since. */
  private record Pair(int rank, int at, int left, int right, int merged)
      implements Comparable<Pair> {
    @Override
    public int compareTo(Pair other) {
      return rank != other.rank ? Integer.compare(rank, other.rank) : Integer.compare(at, other.at);
    }
  }

  private int queued(int bytes) {
    var next = new int[bytes];
    var before = new int[bytes];
    var queue = new PriorityQueue<Pair>();
    for (int i = 0; i < bytes; i++) {
      next[i] = i + 1;
      before[i] = i - 1;
      offer(queue, i, i + 1, bytes);
    }
    for (var pair = queue.poll(); pair != null; pair = queue.poll()) {
      int at = pair.at();
      int second = next[at];
      if (second >= bytes || tokens[at] != pair.left() || tokens[second] != pair.right()) {
        continue;
      }
      tokens[at] = pair.merged();
      tokens[second] = -1;
      next[at] = next[second];
      if (next[at] < bytes) {
        before[next[at]] = at;
      }
      offer(queue, at, next[at], bytes);
      if (before[at] >= 0) {
        offer(queue, before[at], at, bytes);
      }
    }
    return squeezed(bytes);
  }

  private void offer(PriorityQueue<Pair> queue, int at, int second, int bytes) {
    if (second >= bytes) {
      return;
    }
    long merged = merges.of(tokens[at], tokens[second]);
    if (merged != Merges.NONE) {
      queue.add(new Pair((int) (merged >>> 32), at, tokens[at], tokens[second], (int) merged));
    }
  }

  private int squeezed(int bytes) {
    int count = 0;
    for (int i = 0; i < bytes; i++) {
      if (tokens[i] >= 0) {
        tokens[count++] = tokens[i];
      }
    }
    Arrays.fill(tokens, count, bytes, -1);
    return count;
  }
}
