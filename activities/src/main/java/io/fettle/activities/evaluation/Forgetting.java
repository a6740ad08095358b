package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Gate.ScoredArm;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.suite.RegressionSuite;
import io.fettle.statistics.Clusters;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.wire.FailureType;
import java.util.List;
import java.util.Optional;

/** What tuning cost on the general set: the candidate against the untuned base. */
final class Forgetting {
  static final String CONDITION = "served - base on the general set";

  private Forgetting() {}

  /** The set as questions, as the dataset's own are. */
  static List<Item> items() {
    return RegressionSuite.all().stream()
        .map(item -> Item.asking(item.id(), item.prompt(), item.reference()))
        .toList();
  }

  static Marks marks(Criteria criteria, List<AnswerLine> lines) {
    GateLimits limits = criteria.limits();
    if (limits == null || !limits.regressionSuite().equals(RegressionSuite.sha256())) {
      throw FailureType.NOT_VERIFIED.failure(
          "the criteria were frozen with another general set than this release has; start the run again so that they are frozen anew");
    }
    return Marks.rightOrWrong(
        lines.stream().map(line -> RegressionSuite.isRight(line.id(), line.answer())).toList());
  }

  /** The condition, where the criteria ask for it and both have answered. */
  static Optional<Comparison> of(Criteria criteria, List<ScoredArm> arms) {
    GateLimits limits = criteria.limits();
    Double margin = limits == null ? null : limits.regressionMargin();
    Optional<ScoredArm> base = named(Arm.ZERO_SHOT, arms);
    Optional<ScoredArm> tuned = named(Arm.SERVED, arms);
    if (margin == null || base.isEmpty() || tuned.isEmpty()) {
      return Optional.empty();
    }
    var clusters = Clusters.none(base.get().lines().size());
    return Optional.of(
        new Conditions(criteria, clusters).condition(CONDITION, tuned.get(), base.get(), -margin));
  }

  private static Optional<ScoredArm> named(Arm arm, List<ScoredArm> arms) {
    return arms.stream().filter(each -> each.answers().arm() == arm).findFirst();
  }
}
