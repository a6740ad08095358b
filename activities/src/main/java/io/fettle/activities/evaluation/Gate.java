package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.statistics.Bootstrap;
import io.fettle.statistics.Interval;
import io.fettle.statistics.Proportions;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The decision over scored arms. Every condition has to pass (intersection-union, so no
 * correction): the candidate is better than each prompted arm by more than the margin, and loses at
 * most the allowed loss to its unquantized parent.
 */
final class Gate {
  private static final double SHOWN_CONFIDENCE = 0.95;

  private final Criteria criteria;

  Gate(Criteria criteria) {
    this.criteria = criteria;
  }

  /** An arm's answers with their marks. */
  record ScoredArm(Answers answers, List<AnswerLine> lines, Marks scored) {}

  ArmScore score(ScoredArm arm) {
    Marks scored = arm.scored();
    Interval interval =
        switch (scored.kind()) {
          case RIGHT_OR_WRONG ->
              Proportions.wilson(scored.rights(), scored.items(), SHOWN_CONFIDENCE);
          case MEAN, RESAMPLED ->
              Bootstrap.interval(
                  scored.items(),
                  scored::score,
                  criteria.resamples(),
                  SHOWN_CONFIDENCE,
                  criteria.seed());
        };
    return new ArmScore(
        arm.answers().arm(),
        arm.answers().part(),
        arm.answers().shots(),
        interval.estimate(),
        interval.low(),
        interval.high(),
        scored.items(),
        scored.invalid());
  }

  List<Comparison> compare(List<ScoredArm> arms) {
    ScoredArm candidate =
        arms.stream()
            .filter(arm -> arm.answers().arm() == Arm.SERVED)
            .findFirst()
            .orElseThrow(() -> new IllegalArgumentException("no arm is the candidate"));
    List<Comparison> comparisons = new ArrayList<>();
    for (ScoredArm other : arms) {
      switch (other.answers().arm()) {
        case ZERO_SHOT, FEW_SHOT, RAG ->
            comparisons.add(condition(candidate, other, criteria.margin()));
        case TUNED, INCUMBENT -> comparisons.add(condition(candidate, other, -criteria.loss()));
        case SERVED, UNKNOWN -> {}
      }
    }
    return comparisons;
  }

  /** Passes where the whole interval lies above the bound, fails where it lies below. */
  private Comparison condition(ScoredArm candidate, ScoredArm other, double bound) {
    Marks ours = candidate.scored();
    Marks theirs = other.scored();
    Interval difference =
        Bootstrap.interval(
            ours.items(),
            items -> ours.score(items) - theirs.score(items),
            criteria.resamples(),
            1 - criteria.alpha(),
            criteria.seed());
    Verdict verdict =
        difference.low() > bound
            ? Verdict.PASS
            : difference.high() < bound ? Verdict.FAIL : Verdict.INCONCLUSIVE;
    return new Comparison(
        "served - " + other.answers().arm().name().toLowerCase(Locale.ROOT),
        difference.estimate(),
        difference.low(),
        difference.high(),
        bound,
        verdict);
  }

  static Verdict verdict(List<Comparison> comparisons) {
    if (comparisons.stream().anyMatch(c -> c.verdict() == Verdict.FAIL)) {
      return Verdict.FAIL;
    }
    boolean passed =
        !comparisons.isEmpty() && comparisons.stream().allMatch(c -> c.verdict() == Verdict.PASS);
    return passed ? Verdict.PASS : Verdict.INCONCLUSIVE;
  }

  static String why(List<Comparison> comparisons) {
    List<String> said = new ArrayList<>();
    for (Comparison c : comparisons) {
      said.add(
          String.format(
              Locale.ROOT,
              "%s %+.3f [%+.3f, %+.3f] must exceed %+.3f: %s",
              c.name(),
              c.difference(),
              c.low(),
              c.high(),
              c.bound(),
              c.verdict()));
    }
    return String.join("; ", said);
  }
}
