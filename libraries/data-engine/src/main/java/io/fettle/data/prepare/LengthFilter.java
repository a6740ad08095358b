package io.fettle.data.prepare;

import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.row.Reason;
import java.util.List;
import java.util.Optional;

/**
 * Drops what is too short to teach or too long to fit; a row is never cut. The user's test rows
 * stay.
 */
final class LengthFilter implements Stage {
  private final List<TokenCount> counts;
  private final int min;
  private final int max;

  LengthFilter(List<TokenCount> counts, int min, int max) {
    this.counts = counts;
    this.min = min;
    this.max = max;
  }

  @Override
  public String name() {
    return "length";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    int tokens = counts.get(row.place()).tokens();
    if (row.inTestSet() || (tokens >= min && tokens <= max)) {
      return Optional.empty();
    }
    return Optional.of(tokens < min ? Reason.TOO_SHORT : Reason.TOO_LONG);
  }
}
