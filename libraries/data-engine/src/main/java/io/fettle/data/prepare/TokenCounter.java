package io.fettle.data.prepare;

import java.io.IOException;
import java.nio.file.Path;
import java.util.function.Consumer;

/** Renders rows with a model's chat template and counts what its tokenizer makes of them. */
@FunctionalInterface
public interface TokenCounter {
  /**
   * Counts every row of a file in normal form.
   *
   * @param rows lines as {@link io.fettle.data.row.RowJson} writes them
   * @param counts takes one count a row, in the order of the file
   */
  void count(Path rows, Consumer<TokenCount> counts) throws IOException, InterruptedException;

  /** Where no model is asked: every row fits, and lengths stand as 0. */
  static TokenCounter none() {
    var none = new TokenCount("", 0, 1, true, "");
    return (rows, counts) -> new LineFile(rows).forEach((_, _, _, _) -> counts.accept(none));
  }

  /**
   * One row under the template.
   *
   * @param tokens of the whole conversation
   * @param supervisedTokens of the answers, which carry the loss
   * @param endsWithEndOfTurn whether the last supervised token is the end-of-turn token
   * @param error why the template refuses the row; empty if it does not
   */
  record TokenCount(
      String id, int tokens, int supervisedTokens, boolean endsWithEndOfTurn, String error) {}
}
