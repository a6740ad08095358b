package io.fettle.data.prepare;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.row.Reason;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;

/** Keeps the first of equal rows. Test rows that the user brings are his own affair. */
final class ExactDuplicates implements Stage {
  private final Set<Fingerprint> seen = new HashSet<>();
  private final boolean drops;

  ExactDuplicates(boolean drops) {
    this.drops = drops;
  }

  @Override
  public String name() {
    return "exact_duplicates";
  }

  @Override
  public Optional<Reason> objection(Entry row) {
    boolean repeats = drops && !row.inTestSet() && !seen.add(row.whole());
    return repeats ? Optional.of(Reason.EXACT_DUPLICATE) : Optional.empty();
  }
}
