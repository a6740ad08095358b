package io.fettle.data.filter;

import java.util.Arrays;

/** The word n-grams of a text, by 64-bit hashes, for n from 1 up. */
final class WordGrams {
  private static final long PRIME = 0x9E3779B97F4A7C15L;

  /** Of each word. */
  private long[] words = new long[64];

  /** Letters before each word, and after the last one. */
  private int[] letters = new int[65];

  private int count;

  /** Of the n-gram that begins at each word. */
  private final long[] grams;

  private final long[] keys;
  private final int[] counts;
  private int n = 1;
  private double top;
  private double repeated;

  WordGrams(String text) {
    int start = -1;
    long hash = 0;
    for (int i = 0; i <= text.length(); i++) {
      boolean space = i == text.length() || Character.isWhitespace(text.charAt(i));
      if (!space) {
        start = start < 0 ? i : start;
        hash = (hash ^ text.charAt(i)) * PRIME;
      } else if (start >= 0) {
        add(hash, i - start);
        start = -1;
        hash = 0;
      }
    }
    grams = Arrays.copyOf(words, count);
    int slots = Math.max(2, Integer.highestOneBit(Math.max(1, count)) << 2);
    keys = new long[slots];
    counts = new int[slots];
  }

  private void add(long hash, int length) {
    if (count == words.length) {
      words = Arrays.copyOf(words, 2 * count);
      letters = Arrays.copyOf(letters, 2 * count + 1);
    }
    words[count] = hash ^ (hash >>> 32);
    letters[count + 1] = letters[count] + length;
    count++;
  }

  int count() {
    return count;
  }

  /** Goes on to grams of one word more. */
  void lengthen() {
    n++;
    Arrays.fill(counts, 0);
    int most = 0;
    int covered = 0;
    int end = 0;
    for (int i = 0; i + n <= count; i++) {
      grams[i] = grams[i] * PRIME + words[i + n - 1];
      int seen = ++counts[slot(grams[i])];
      if (seen > 1) {
        most = Math.max(most, seen * (letters[i + n] - letters[i]));
        covered += letters[i + n] - letters[Math.max(i, end)];
        end = i + n;
      }
    }
    double all = letters[count];
    top = most / all;
    repeated = covered / all;
  }

  private int slot(long key) {
    int slot = (int) ((key * PRIME) >>> 32) & (keys.length - 1);
    while (counts[slot] > 0 && keys[slot] != key) {
      slot = (slot + 1) & (keys.length - 1);
    }
    keys[slot] = key;
    return slot;
  }

  /** Of the letters, those in the most frequent gram that is there more than once. */
  double shareOfTop() {
    return top;
  }

  /** Of the letters, those in grams that are there before; each counts once. */
  double shareOfRepeated() {
    return repeated;
  }
}
