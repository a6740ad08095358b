package io.fettle.data.contamination;

import java.util.Comparator;

/**
 * An item that a row holds.
 *
 * @param file the number of the item's file, from 0
 * @param line the item's line in it
 * @param from the first of the row's words that are the item's, from 1; a row's words are those of
 *     its turns, one after the other
 * @param to the last of them
 * @param percent how much of the item's words the row holds, rounded down
 * @param isWhole whether the row's prompt, or a turn of its user, is the item's prompt and nothing
 *     else
 */
public record Match(int file, long line, int from, int to, int percent, boolean isWhole) {
  /** The strongest evidence first: a whole prompt, then the longest span. */
  static final Comparator<Match> STRONGEST =
      Comparator.comparing(Match::isWhole)
          .thenComparingInt(Match::words)
          .thenComparingInt(Match::percent)
          .reversed()
          .thenComparingInt(Match::file)
          .thenComparingLong(Match::line)
          .thenComparingInt(Match::from);

  /** Words of the span. */
  public int words() {
    return to - from + 1;
  }
}
