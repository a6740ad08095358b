package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.Arrays;

/**
 * Texts as sets of word 5-grams, each a hash of 61 bits; a text of fewer than five words is one
 * shingle. A row's sets are one: the three low bits of a shingle say which {@link Column} holds it.
 * For one thread.
 */
final class Shingles {
  static final int WORDS = 5;

  /** The bits that are no hash. */
  static final long COLUMNS = 7;

  private static final long FIRST = 0xBF58476D1CE4E5B9L;
  private static final long SECOND = 0x94D049BB133111EBL;
  private static final long THIRD = 0xD6E8FEB86659FD93L;
  private static final long FOURTH = 0xA0761D6478BD642FL;

  private final Words words = new Words();
  private long[] shingles = new long[1 << 10];
  private int count;

  /** The set of a row, sorted and without repeats; the answer's words follow the prompt's. */
  long[] of(String prompt, String response) {
    words.clear();
    words.add(prompt);
    int border = words.count();
    words.add(response);
    int end = words.count();
    makeRoom(end + 3);
    addRuns(end);
    mark(border);
    addShort(0, end, Column.WHOLE);
    addShort(0, border, Column.PROMPT);
    addShort(border, end, Column.RESPONSE);
    return set();
  }

  /**
   * Fills in the shingles of a row's whole text, in its order and with repeats.
   *
   * @return how many of {@link #last} they are
   */
  int list(String prompt, String response) {
    words.clear();
    words.add(prompt);
    words.add(response);
    makeRoom(words.count() + 1);
    addRuns(words.count());
    addShort(0, words.count(), Column.WHOLE);
    for (int i = 0; i < count; i++) {
      shingles[i] &= ~COLUMNS;
    }
    return count;
  }

  long[] last() {
    return shingles;
  }

  private void addRuns(int end) {
    var hashes = words.hashes();
    var into = shingles;
    int runs = Math.max(0, end - WORDS + 1);
    for (int i = 0; i < runs; i++) { // nothing carried from one to the next: C2 makes vectors of it
      into[i] =
          Words.mixed(
              hashes[i] * FOURTH
                  + hashes[i + 1] * THIRD
                  + hashes[i + 2] * SECOND
                  + hashes[i + 3] * FIRST
                  + hashes[i + 4]);
    }
    count = runs;
  }

  private void mark(int border) {
    for (int i = 0; i < count; i++) {
      long columns = Column.WHOLE.bit();
      columns |= i + WORDS <= border ? Column.PROMPT.bit() : 0;
      columns |= i >= border ? Column.RESPONSE.bit() : 0;
      shingles[i] = (shingles[i] & ~COLUMNS) | columns;
    }
  }

  /** A column's only shingle, where it has fewer than five words. */
  private void addShort(int from, int to, Column column) {
    if (from == to || to - from >= WORDS) {
      return;
    }
    int width = to - from;
    long hash = width;
    for (int i = from; i < to; i++) {
      hash = hash * FIRST + words.hashes()[i];
    }
    shingles[count++] = (Words.mixed(hash) & ~COLUMNS) | column.bit();
  }

  private long[] set() {
    Arrays.sort(shingles, 0, count);
    int distinct = 0;
    for (int i = 0; i < count; i++) {
      if (distinct > 0 && (shingles[distinct - 1] & ~COLUMNS) == (shingles[i] & ~COLUMNS)) {
        shingles[distinct - 1] |= shingles[i];
      } else {
        shingles[distinct++] = shingles[i];
      }
    }
    return Arrays.copyOf(shingles, distinct);
  }

  private void makeRoom(int most) {
    if (shingles.length < most) {
      shingles = new long[Math.max(most, 2 * shingles.length)];
    }
  }
}
