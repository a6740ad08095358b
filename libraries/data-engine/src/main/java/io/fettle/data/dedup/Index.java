package io.fettle.data.dedup;

import java.util.Arrays;

/**
 * Finds the rows that may be similar to another one, among those that were put in. For one thread,
 * and rows in ascending order.
 */
interface Index {
  /** Rows that were put in and may be similar to this one, each once. Valid until the next call. */
  Found candidates(int row);

  void put(int row);

  /** Forgets which rows were put in. */
  void clear();

  /** A list of rows that grows. */
  final class Found {
    private int[] values = new int[16];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }

    int get(int index) {
      return values[index];
    }

    int size() {
      return size;
    }

    void clear() {
      size = 0;
    }
  }
}
