package io.fettle.data.dedup;

import java.util.Arrays;

/**
 * The words of texts, a hash each: maximal runs of Unicode letters and digits after composition
 * (NFC) and case folding. No text becomes a String of its own but for the few whose letters depend
 * on each other, and of these no more than what lies between two spaces. For one thread.
 */
final class Words {
  /** A word's letters are the coefficients of a polynomial: one multiplication a letter. */
  private static final long LETTER = 0x9E3779B97F4A7C15L;

  private static final int SURELY_ENOUGH = 1 << 20;

  private char[] chars = new char[1 << 12];
  private long[] hashes = new long[1 << 10];
  private int count;

  void clear() {
    count = 0;
    if (chars.length > SURELY_ENOUGH) { // one long text must not cost its size for ever
      chars = new char[1 << 12];
      hashes = new long[1 << 10];
    }
  }

  int count() {
    return count;
  }

  long[] hashes() {
    return hashes;
  }

  /** Appends a text's words; nothing joins its first to the last of the text before. */
  void add(String text) {
    int length = text.length();
    if (chars.length < length) {
      chars = new char[Math.max(length, 2 * chars.length)];
    }
    makeRoom(length / 2 + 2);
    text.getChars(0, length, chars, 0);
    int rest = addFast(0, length);
    while (rest < length) {
      int end = endOfToken(rest, length);
      addSlow(new String(chars, rest, end - rest));
      makeRoom((length - end) / 2 + 2);
      rest = addFast(end, length);
    }
  }

  /**
   * From a space or an end on; stops at the start of a token that it cannot read. Without branches
   * on what is a letter, which no processor foresees: the hash is written at each letter, and stays
   * where the word ends.
   */
  private int addFast(int from, int to) {
    var text = chars;
    var into = hashes;
    int first = count;
    int next = count;
    long hash = 0;
    int before = 0; // whether the last one was a letter: all bits or none
    for (int i = from; i < to; i++) {
      int letter = Letters.of(text[i]);
      if (letter == Letters.UNKNOWN) {
        return backTo(startOfToken(from, i), i, next);
      }
      int here = (Letters.OTHER - letter) >> 31;
      into[next] = hash;
      next += before & ~here & 1;
      hash = (hash * LETTER + letter) & (long) here;
      before = here;
    }
    into[next] = hash;
    count = next + (before & 1);
    mix(first);
    return to;
  }

  private void mix(int first) {
    var into = hashes;
    for (int i = first; i < count; i++) {
      into[i] = mixed(into[i]);
    }
  }

  private int startOfToken(int from, int at) {
    int start = at;
    while (start > from && Letters.of(chars[start - 1]) != Letters.SPACE) {
      start--;
    }
    return start;
  }

  /** Forgets the words of a token that ended before {@code at}. */
  private int backTo(int start, int at, int words) {
    int first = count;
    int ended = 0;
    for (int i = start + 1; i < at; i++) {
      boolean ends = !isLetter(i) && isLetter(i - 1);
      ended += ends ? 1 : 0;
    }
    count = words - ended;
    mix(first);
    return start;
  }

  private boolean isLetter(int at) {
    return Letters.of(chars[at]) > Letters.OTHER;
  }

  private int endOfToken(int from, int to) {
    int end = from;
    while (end < to && Letters.of(chars[end]) != Letters.SPACE) {
      end++;
    }
    return end;
  }

  private void addSlow(String token) {
    var words = Text.words(token);
    makeRoom(words.size());
    for (var word : words) {
      hashes[count++] = of(word);
    }
  }

  /** Of one word, composed and folded. */
  static long of(String word) {
    long hash = 0;
    for (int i = 0; i < word.length(); i++) {
      hash = hash * LETTER + word.charAt(i);
    }
    return mixed(hash);
  }

  /** The finaliser of MurmurHash3: every bit of the input moves every bit of the output. */
  static long mixed(long value) {
    long mixed = value;
    mixed = (mixed ^ (mixed >>> 33)) * 0xFF51AFD7ED558CCDL;
    mixed = (mixed ^ (mixed >>> 33)) * 0xC4CEB9FE1A85EC53L;
    return mixed ^ (mixed >>> 33);
  }

  private void makeRoom(int more) {
    if (hashes.length < count + more) {
      hashes = Arrays.copyOf(hashes, Math.max(count + more, 2 * hashes.length));
    }
  }
}
