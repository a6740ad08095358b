package io.fettle.data.dedup;

import java.util.Arrays;
import java.util.List;

/**
 * A text as the set of its word 5-grams, each a 64-bit hash; a text of fewer than five words is one
 * shingle.
 */
public final class Shingles {
  static final int WORDS = 5;
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  private Shingles() {}

  /** The set, sorted and without repeats; empty only where the text holds no word. */
  public static long[] of(String text) {
    List<String> words = Text.words(text);
    if (words.isEmpty()) {
      return new long[0];
    }
    long[] hashes = words.stream().mapToLong(Shingles::hash).toArray();
    int width = Math.min(WORDS, hashes.length);
    long[] shingles = new long[hashes.length - width + 1];
    for (int i = 0; i < shingles.length; i++) {
      shingles[i] = hash(hashes, i, width);
    }
    return distinct(shingles);
  }

  /** Those that are not in {@code ignored}, which is sorted. */
  static long[] without(long[] shingles, long[] ignored) {
    return ignored.length == 0
        ? shingles
        : Arrays.stream(shingles).filter(s -> Arrays.binarySearch(ignored, s) < 0).toArray();
  }

  static long[] distinct(long[] values) {
    Arrays.sort(values);
    int count = 0;
    for (int i = 0; i < values.length; i++) {
      if (i == 0 || values[i] != values[i - 1]) {
        values[count++] = values[i];
      }
    }
    return Arrays.copyOf(values, count);
  }

  private static long hash(String word) {
    long hash = word.length();
    for (int i = 0; i < word.length(); i++) {
      hash = mixed(hash * PRIME + word.charAt(i));
    }
    return hash;
  }

  private static long hash(long[] words, int from, int width) {
    long hash = width;
    for (int i = from; i < from + width; i++) {
      hash = mixed(hash * PRIME + words[i]);
    }
    return hash;
  }

  /** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
  private static long mixed(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }
}
