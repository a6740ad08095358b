package io.fettle.data.diff;

import io.fettle.data.dedup.Fingerprint;

/**
 * Counts by 128-bit key, with a second key that may lie beside the first. Open addressing in plain
 * arrays: a map of objects would take three times the memory, and a dataset may have a hundred
 * million rows.
 */
final class CountTable {
  private static final int WORDS = 4;
  private static final int FIRST_SLOTS = 1 << 10;

  /** Past this share of full slots, probing becomes slow. */
  private static final double FULL = 0.6;

  private final int columns;
  private long[] words;
  private int[] counts;
  private int slots = FIRST_SLOTS;
  private int used;

  /**
   * @param columns how many counts a key has
   */
  CountTable(int columns) {
    this.columns = columns;
    words = new long[slots * WORDS];
    counts = new int[slots * columns];
  }

  /** Takes one key with its counts. */
  interface Entries {
    /**
     * @param counts a window that is only good until this returns
     */
    void entry(Fingerprint beside, int[] counts);
  }

  /** Adds to one of a key's counts. */
  void add(Fingerprint key, Fingerprint beside, int column, int rows) {
    if (used >= slots * FULL) {
      grow();
    }
    int slot = slot(key);
    int at = slot * WORDS;
    if (isFree(slot)) {
      words[at] = key.high();
      words[at + 1] = key.low();
      words[at + 2] = beside.high();
      words[at + 3] = beside.low();
      used++;
    }
    counts[slot * columns + column] += rows;
  }

  void forEach(Entries entries) {
    int[] window = new int[columns];
    for (int slot = 0; slot < slots; slot++) {
      if (!isFree(slot)) {
        System.arraycopy(counts, slot * columns, window, 0, columns);
        int at = slot * WORDS;
        entries.entry(new Fingerprint(words[at + 2], words[at + 3]), window);
      }
    }
  }

  private int slot(Fingerprint key) {
    int slot = (int) (key.low() & (slots - 1));
    while (!isFree(slot)
        && (words[slot * WORDS] != key.high() || words[slot * WORDS + 1] != key.low())) {
      slot = (slot + 1) & (slots - 1);
    }
    return slot;
  }

  /** A key is only there once it has been counted. */
  private boolean isFree(int slot) {
    for (int column = 0; column < columns; column++) {
      if (counts[slot * columns + column] != 0) {
        return false;
      }
    }
    return true;
  }

  private void grow() {
    long[] oldWords = words;
    int[] oldCounts = counts;
    int oldSlots = slots;
    slots = Math.multiplyExact(slots, 2);
    words = new long[Math.multiplyExact(slots, WORDS)];
    counts = new int[Math.multiplyExact(slots, columns)];
    for (int old = 0; old < oldSlots; old++) {
      boolean free = true;
      for (int column = 0; free && column < columns; column++) {
        free = oldCounts[old * columns + column] == 0;
      }
      if (!free) {
        int slot = slot(new Fingerprint(oldWords[old * WORDS], oldWords[old * WORDS + 1]));
        System.arraycopy(oldWords, old * WORDS, words, slot * WORDS, WORDS);
        System.arraycopy(oldCounts, old * columns, counts, slot * columns, columns);
      }
    }
  }
}
