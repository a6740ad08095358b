package io.fettle.data.filter;

import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a text repeats itself, by the rules of Gopher (Rae et al. 2021, table A1): shares of
 * lines that are there before, and of characters that lie in the most frequent or in repeated word
 * n-grams.
 */
final class Repetition implements RowFilter {
  /** Of fewer words a share says nothing: a label or a short list may well repeat. */
  private static final int LEAST_WORDS = 50;

  private static final double MOST_REPEATED_LINES = 0.3;

  /** Of characters in the most frequent 2-, 3- and 4-gram. */
  private static final double[] MOST_IN_TOP = {0.20, 0.18, 0.16};

  /** Of characters in repeated 5- to 10-grams. */
  private static final double[] MOST_IN_REPEATED = {0.15, 0.14, 0.13, 0.12, 0.11, 0.10};

  private static final int LONGEST = 10;
  private static final int FIRST_REPEATED = 5;

  @Override
  public String name() {
    return "repetition";
  }

  @Override
  public Optional<Reason> objection(Row row) {
    for (Message message : row.messages()) {
      if (message.role() == Role.ASSISTANT && isIn(message.content())) {
        return Optional.of(Reason.REPETITION);
      }
    }
    return Optional.empty();
  }

  static boolean isIn(String text) {
    var words = new WordGrams(text);
    if (words.count() < LEAST_WORDS) {
      return false;
    }
    if (repeatedLines(text) > MOST_REPEATED_LINES) {
      return true;
    }
    for (int n = 2; n <= LONGEST; n++) {
      words.lengthen();
      if (n - 2 < MOST_IN_TOP.length && words.shareOfTop() > MOST_IN_TOP[n - 2]) {
        return true;
      }
      if (n >= FIRST_REPEATED && words.shareOfRepeated() > MOST_IN_REPEATED[n - FIRST_REPEATED]) {
        return true;
      }
    }
    return false;
  }

  private static double repeatedLines(String text) {
    List<String> lines = text.lines().map(String::strip).filter(line -> !line.isEmpty()).toList();
    Set<String> distinct = new HashSet<>(lines);
    return lines.size() < 3 ? 0 : 1 - distinct.size() / (double) lines.size();
  }
}
