package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;

/** The fingerprints of rows' prompts and answers: 32 bytes a row. */
final class Prints {
  private static final int WIDTH = 4;

  private final Longs longs = new Longs();

  void add(Fingerprint prompt, Fingerprint response) {
    longs.add(prompt.high());
    longs.add(prompt.low());
    longs.add(response.high());
    longs.add(response.low());
  }

  /** Whether two rows' normalised texts are the same in the column. */
  boolean areEqual(int a, int b, Column column) {
    return switch (column) {
      case PROMPT -> areEqual(a, b, 0) && areEqual(a, b, 1);
      case RESPONSE -> areEqual(a, b, 2) && areEqual(a, b, 3);
      case WHOLE -> areEqual(a, b, Column.PROMPT) && areEqual(a, b, Column.RESPONSE);
    };
  }

  long hash(int row, Column column) {
    return switch (column) {
      case PROMPT -> part(row, 0);
      case RESPONSE -> part(row, 2);
      case WHOLE -> part(row, 0) + part(row, 2);
    };
  }

  private boolean areEqual(int a, int b, int part) {
    return part(a, part) == part(b, part);
  }

  private long part(int row, int part) {
    return longs.get((long) row * WIDTH + part);
  }
}
