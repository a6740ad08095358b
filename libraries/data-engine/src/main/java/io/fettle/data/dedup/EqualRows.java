package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.Arrays;

/**
 * Finds rows with the same fingerprints among those that were put in; open addressing, 8 to 12
 * bytes a row. For one thread.
 */
final class EqualRows {
  private static final int NONE = -1;

  private final Prints prints;
  private final Column column;
  private final int[] table;
  private final int[] before;

  EqualRows(Prints prints, Column column, int rows) {
    this.prints = prints;
    this.column = column;
    table = new int[Math.max(2, Integer.highestOneBit(Math.max(1, rows)) * 4)];
    Arrays.fill(table, NONE);
    before = new int[rows];
  }

  /** The last row put in that equals this one in the column, or -1. */
  int last(int row) {
    return table[place(row)];
  }

  /** The one put in before that one, or -1. */
  int before(int row) {
    return before[row];
  }

  void put(int row) {
    int at = place(row);
    before[row] = table[at];
    table[at] = row;
  }

  private int place(int row) {
    int mask = table.length - 1;
    int at = (int) prints.hash(row, column) & mask;
    while (table[at] != NONE && !prints.areEqual(table[at], row, column)) {
      at = at + 1 & mask;
    }
    return at;
  }
}
