package io.fettle.data.prepare;

import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.row.Reason;
import java.util.List;
import java.util.Optional;

/**
 * What the model's template must make of a row: something to learn, up to and with the end of the
 * turn.
 */
final class TemplateCheck implements Stage {
  private final List<TokenCount> counts;

  TemplateCheck(List<TokenCount> counts) {
    this.counts = counts;
  }

  @Override
  public String name() {
    return "template";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    TokenCount count = counts.get(row.place());
    if (!count.error().isEmpty()) {
      return Optional.of(Reason.TEMPLATE_REFUSED);
    }
    if (row.inTestSet()) {
      return Optional.empty();
    }
    if (count.supervisedTokens() == 0) {
      return Optional.of(Reason.NO_SUPERVISED_TOKEN);
    }
    return count.endsWithEndOfTurn() ? Optional.empty() : Optional.of(Reason.NO_END_OF_TURN);
  }
}
