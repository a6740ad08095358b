package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.Contrast;
import io.fettle.statistics.MarginDecision;
import io.fettle.statistics.MarginTest;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Verdict;
import java.util.stream.IntStream;

/**
 * Pairs of arms on the same items, each tested at the criteria's one-sided alpha. The kind of marks
 * says by which test, and items that hang together count by their clusters.
 */
final class Conditions {
  private final Criteria criteria;
  private final Clusters clusters;

  Conditions(Criteria criteria, Clusters clusters) {
    this.criteria = criteria;
    this.clusters = clusters;
  }

  /**
   * Whether one arm exceeds another by more than a margin.
   *
   * @param margin positive for superiority, negative for non-inferiority
   */
  Comparison condition(String name, ScoredArm first, ScoredArm second, double margin) {
    MarginDecision decision = decision(first.scored(), second.scored(), margin);
    return new Comparison(
        name,
        decision.difference().estimate(),
        decision.difference().low(),
        decision.difference().high(),
        margin,
        verdict(decision),
        decision.method(),
        decision.items(),
        decision.clusters(),
        decision.needed().orElse(Comparison.UNKNOWN));
  }

  private MarginDecision decision(Marks ours, Marks theirs, double margin) {
    var test = new MarginTest(margin, criteria.oneSidedAlpha());
    if (ours.kind() == Marks.Kind.RESAMPLED || theirs.kind() == Marks.Kind.RESAMPLED) {
      var contrast =
          new Contrast(
              items -> ours.score(items) - theirs.score(items),
              item -> ours.mark(item) != theirs.mark(item));
      return test.resampled(contrast, clusters, criteria.resamples(), criteria.seed());
    }
    boolean binary =
        ours.kind() == Marks.Kind.RIGHT_OR_WRONG && theirs.kind() == Marks.Kind.RIGHT_OR_WRONG;
    return binary
        ? test.binary(marks(ours), marks(theirs), clusters)
        : test.mean(marks(ours), marks(theirs), clusters);
  }

  private static double[] marks(Marks marks) {
    return IntStream.range(0, marks.items()).mapToDouble(marks::mark).toArray();
  }

  private static Verdict verdict(MarginDecision decision) {
    return switch (decision.outcome()) {
      case PASS -> Verdict.PASS;
      case FAIL -> Verdict.FAIL;
      case INCONCLUSIVE -> Verdict.INCONCLUSIVE;
    };
  }
}
