package io.fettle.data.contamination;

import io.fettle.data.dedup.Words;
import java.util.ArrayList;
import java.util.List;

/** The words of some texts, one after the other, and their n-grams, a hash each. For one thread. */
final class Grams {
  static final int WORDS = 8;

  private static final int SURELY_ENOUGH = 1 << 20;
  private static final long BASE = 0xD6E8FEB86659FD93L;

  /** What the word before an n-gram counts when its last word has come. */
  private static final long BEFORE = power(BASE, WORDS);

  private final Words words = new Words();
  private final List<Integer> ends = new ArrayList<>();
  private long[] grams = new long[1 << 10];

  private static long power(long base, int exponent) {
    long power = 1;
    for (int i = 0; i < exponent; i++) {
      power *= base;
    }
    return power;
  }

  /** Begins anew. */
  void read(List<String> texts) {
    words.clear();
    ends.clear();
    for (String text : texts) {
      words.add(text);
      ends.add(words.count());
    }
  }

  /** Behind the last word of a text. */
  int end(int text) {
    return ends.get(text);
  }

  int words() {
    return words.count();
  }

  int count() {
    return Math.max(0, words.count() - WORDS + 1);
  }

  /** The n-gram at i starts with word i; there are {@link #count}, until the next texts. */
  long[] hashes() {
    if (grams.length < count() || grams.length > SURELY_ENOUGH) {
      grams = new long[Math.max(count(), 1 << 10)];
    }
    var each = words.hashes();
    long rolling = 0;
    for (int i = 0; i < words.count(); i++) {
      rolling = rolling * BASE + each[i];
      if (i >= WORDS) {
        rolling -= BEFORE * each[i - WORDS];
      }
      if (i >= WORDS - 1) {
        grams[i - WORDS + 1] = Words.mixed(rolling);
      }
    }
    return grams;
  }

  /** Of all words from one to before another. */
  long whole(int from, int to) {
    long whole = (long) to - from;
    for (int i = from; i < to; i++) {
      whole = whole * BASE + words.hashes()[i];
    }
    return Words.mixed(whole);
  }
}
