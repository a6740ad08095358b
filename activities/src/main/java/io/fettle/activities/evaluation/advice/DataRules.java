package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Readiness;
import io.fettle.statistics.Interval;
import io.fettle.statistics.Proportions;
import io.fettle.workflows.evaluation.Advice;
import java.util.Optional;

/** Whether the rows bound any model. */
final class DataRules {
  /**
   * Common benchmarks have 3.3 % wrong labels on average and 10 % at worst (Northcutt et al., arXiv
   * 2103.14749); what surely has more is no usual set.
   */
  private static final double NOISY = 0.1;

  /** Fewer teach nothing but themselves. */
  private static final int FEWEST = 10;

  private DataRules() {}

  static Optional<Decision> labelsBound(Facts facts) {
    Optional<Noise> noise = facts.evidence().readiness().noise();
    if (noise.isEmpty() || !bounds(facts, noise.get())) {
      return Optional.empty();
    }
    Noise found = noise.get();
    return Optional.of(
        new Decision(
            Advice.FIX_DATA,
            Say.text(
                "%s of the labels look wrong, so no model can be seen to score more than about %s",
                Say.of(new Interval(found.share(), found.low(), found.high())),
                Say.percent(1 - found.share())),
            found.suspects().isEmpty()
                ? "read 50 rows against the labelling rules"
                : Say.text(
                    "read the %d most suspect rows, beginning with %s, and correct their labels",
                    found.suspects().size(), found.suspects().getFirst())));
  }

  private static boolean bounds(Facts facts, Noise noise) {
    boolean keepsFromTarget =
        facts.target().isPresent() && 1 - noise.low() < facts.target().getAsDouble();
    return noise.low() > NOISY || keepsFromTarget;
  }

  static Optional<Decision> rowsConflict(Facts facts) {
    Readiness readiness = facts.evidence().readiness();
    if (readiness.trainRows() == 0) {
      return Optional.empty();
    }
    double share = Math.min(1, readiness.conflicts() / (double) readiness.trainRows());
    Interval conflicting =
        Proportions.wilsonOfShare(share, readiness.trainRows(), facts.confidence());
    if (conflicting.low() <= NOISY) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Advice.FIX_DATA,
            Say.text(
                "%d of %s (%s) ask what another row asks and answer differently",
                readiness.conflicts(),
                Say.count(readiness.trainRows(), "train row"),
                Say.of(conflicting)),
            "decide the conflicts that the data report lists, and prepare again"));
  }

  static Optional<Decision> rowsAreUnusable(Facts facts) {
    Readiness readiness = facts.evidence().readiness();
    if (readiness.trainRows() >= FEWEST) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Advice.FIX_DATA,
            Say.text(
                "%s left to train on after %s and %s went: too few for any training",
                Say.count(readiness.trainRows(), "row"),
                Say.count(readiness.exactDuplicates(), "exact duplicate"),
                Say.count(readiness.nearDuplicates(), "near-duplicate")),
            "read the data report for why rows were dropped, and bring more that differ"));
  }
}
