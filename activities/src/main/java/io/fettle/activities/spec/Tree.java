package io.fettle.activities.spec;

import java.util.List;
import java.util.Map;

/**
 * A spec as written: text and lines, no types yet. Line 0 is a {@code --set}, which has no line.
 */
sealed interface Tree {
  int line();

  /**
   * A single value. Plain: written without quotes, so that {@code null} and {@code auto} can be
   * words.
   */
  record Scalar(String text, boolean plain, int line) implements Tree {
    boolean isNull() {
      return plain && (text.isEmpty() || text.equals("~") || text.equalsIgnoreCase("null"));
    }
  }

  /** A list. */
  record Items(List<Tree> items, int line) implements Tree {}

  /** A mapping, in the order of the text; mutable, so that {@code --set} can change it. */
  record Fields(Map<String, Field> fields, int line) implements Tree {}

  /** A key's line and what stands behind it. */
  record Field(int line, Tree value) {}
}
