package io.fettle.data.prepare;

/** How much of the rows a part gets. */
public sealed interface Share {
  /** Of {@code rows}, as many as this asks for; at least one where it asks for any. */
  int of(int rows);

  /** A fraction of the rows that are left after every filter. */
  record Fraction(double fraction) implements Share {
    @Override
    public int of(int rows) {
      return Math.max(1, (int) Math.round(fraction * rows));
    }
  }

  /** A number of rows. */
  record Rows(int count) implements Share {
    @Override
    public int of(int rows) {
      return count;
    }
  }

  /** Nothing: the part comes from elsewhere. */
  record None() implements Share {
    @Override
    public int of(int rows) {
      return 0;
    }
  }
}
