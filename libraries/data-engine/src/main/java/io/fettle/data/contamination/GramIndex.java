package io.fettle.data.contamination;

import java.util.Arrays;

/**
 * Where n-grams stand. Places come first, ascending; then the questions, of any thread. Takes up to
 * 64 bytes a place.
 */
final class GramIndex {
  static final int NONE = -1;

  private static final int SMALLEST = 1 << 6;

  private long[] grams = new long[SMALLEST];
  private int[] placeOf = new int[SMALLEST];
  private int size;

  private long[] keys = new long[0];
  private int[] numbers = new int[0]; // from 1; 0 where a slot is free
  private int distinct;
  private int[] starts = new int[0];
  private int[] places = new int[0];
  private int[] numberAt = new int[0];

  void add(long gram, int place) {
    if (size == grams.length) {
      grams = Arrays.copyOf(grams, 2 * size);
      placeOf = Arrays.copyOf(placeOf, 2 * size);
    }
    grams[size] = gram;
    placeOf[size++] = place;
  }

  /**
   * Ends the adding.
   *
   * @param end behind the last place
   */
  void seal(int end) {
    numberAll(end);
    starts = new int[distinct + 1];
    for (int i = 0; i < size; i++) {
      starts[numberAt[placeOf[i]] + 1]++;
    }
    for (int number = 0; number < distinct; number++) {
      starts[number + 1] += starts[number];
    }
    places = new int[size];
    var next = Arrays.copyOf(starts, distinct);
    for (int i = 0; i < size; i++) {
      places[next[numberAt[placeOf[i]]]++] = placeOf[i];
    }
    grams = new long[0];
    placeOf = new int[0];
  }

  private void numberAll(int end) {
    keys = new long[Integer.highestOneBit(Math.max(SMALLEST, size + size / 2)) << 1];
    numbers = new int[keys.length];
    numberAt = new int[end];
    Arrays.fill(numberAt, NONE);
    for (int i = 0; i < size; i++) {
      int slot = slot(grams[i]);
      if (numbers[slot] == 0) {
        keys[slot] = grams[i];
        numbers[slot] = ++distinct;
      }
      numberAt[placeOf[i]] = numbers[slot] - 1;
    }
  }

  private int slot(long gram) {
    int mask = keys.length - 1;
    int slot = (int) gram & mask;
    while (numbers[slot] != 0 && keys[slot] != gram) {
      slot = (slot + 1) & mask;
    }
    return slot;
  }

  /** Different n-grams; they are numbered from 0. */
  int distinct() {
    return distinct;
  }

  /** The n-gram's number, or {@link #NONE}. */
  int find(long gram) {
    return numbers[slot(gram)] - 1;
  }

  /** The number of the n-gram at a place, or {@link #NONE}. */
  int at(int place) {
    return numberAt[place];
  }

  /** The first of an n-gram's places, for {@link #place}. */
  int from(int number) {
    return starts[number];
  }

  /** Behind the last of them. */
  int to(int number) {
    return starts[number + 1];
  }

  int place(int index) {
    return places[index];
  }
}
