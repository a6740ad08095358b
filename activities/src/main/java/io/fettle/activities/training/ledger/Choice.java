package io.fettle.activities.training.ledger;

import io.fettle.activities.training.ledger.Chain.Candidate;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Which checkpoint of a chain is gone on from and which is the best: the one place that says so.
 * The caller says how closely a candidate is looked at.
 */
final class Choice {
  private static final Comparator<Candidate> BY_DEV_LOSS =
      Comparator.comparingDouble(Choice::devLoss).thenComparingLong(Candidate::step);

  private Choice() {}

  /** How a candidate is looked at. A failure is the store's and says nothing about it. */
  @FunctionalInterface
  interface Look {
    boolean passes(Candidate candidate) throws IOException;
  }

  /** The newest that passes. */
  static Optional<Candidate> newest(List<Candidate> newestFirst, Look look) throws IOException {
    for (var candidate : newestFirst) {
      if (look.passes(candidate)) {
        return Optional.of(candidate);
      }
    }
    return Optional.empty();
  }

  /** The one with the least dev loss that passes, the earlier one on a tie. */
  static Optional<Candidate> best(List<Candidate> candidates, Look look) throws IOException {
    var byDevLoss = candidates.stream().filter(Choice::hasDevLoss).sorted(BY_DEV_LOSS).toList();
    return newest(byDevLoss, look);
  }

  private static boolean hasDevLoss(Candidate candidate) {
    var manifest = candidate.manifest();
    return manifest != null && manifest.devLoss() != null;
  }

  private static double devLoss(Candidate candidate) {
    var manifest = Objects.requireNonNull(candidate.manifest());
    return Objects.requireNonNull(manifest.devLoss());
  }
}
