package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.statistics.Bootstrap;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.Interval;
import io.fettle.statistics.Proportions;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.ArmScore;
import io.fettle.workflows.evaluation.Comparison;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Limit;
import io.fettle.workflows.evaluation.Verdict;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The decision over scored arms. Every condition has to pass (intersection-union, so no
 * correction): the candidate is better than each prompted arm by more than the margin, and loses at
 * most the allowed loss to its unquantized parent.
 */
final class Gate {
  private static final double SHOWN_CONFIDENCE = 0.95;

  private final Criteria criteria;
  private final Clusters clusters;
  private final Conditions conditions;

  /**
   * A gate over items that may hang together.
   *
   * @param clusters of the items that every arm answered
   */
  Gate(Criteria criteria, Clusters clusters) {
    this.criteria = criteria;
    this.clusters = clusters;
    this.conditions = new Conditions(criteria, clusters);
  }

  /** An arm's answers with their marks. */
  record ScoredArm(Answers answers, List<AnswerLine> lines, Marks scored) {}

  ArmScore score(ScoredArm arm) {
    Marks scored = arm.scored();
    Clusters of = clusters.items() == scored.items() ? clusters : Clusters.none(scored.items());
    Interval interval =
        scored.kind() == Marks.Kind.RIGHT_OR_WRONG && of.areItems()
            ? Proportions.wilson(scored.rights(), scored.items(), SHOWN_CONFIDENCE)
            : Bootstrap.interval(
                of, scored::score, criteria.resamples(), SHOWN_CONFIDENCE, criteria.seed());
    return new ArmScore(
        arm.answers().arm(),
        arm.answers().part(),
        arm.answers().shots(),
        interval.estimate(),
        interval.low(),
        interval.high(),
        scored.items(),
        scored.invalid(),
        arm.answers().variant());
  }

  /** The arm that would serve. */
  static ScoredArm candidate(List<ScoredArm> arms) {
    return arms.stream()
        .filter(arm -> arm.answers().arm() == Arm.SERVED)
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("no arm is the candidate"));
  }

  List<Comparison> compare(List<ScoredArm> arms) {
    ScoredArm candidate = candidate(arms);
    List<Comparison> comparisons = new ArrayList<>();
    for (ScoredArm other : arms) {
      switch (other.answers().arm()) {
        case ZERO_SHOT, FEW_SHOT, RAG ->
            comparisons.add(condition(candidate, other, criteria.margin()));
        case TUNED, INCUMBENT -> comparisons.add(condition(candidate, other, -criteria.loss()));
        case SERVED, HOSTED, CLASSICAL, UNKNOWN -> {} // shown beside it
      }
    }
    return comparisons;
  }

  /** Served minus the linear model, where one answered; it decides nothing. */
  Optional<Comparison> overLinearModel(List<ScoredArm> arms) {
    return arms.stream()
        .filter(arm -> arm.answers().arm() == Arm.CLASSICAL)
        .findFirst()
        .map(linear -> condition(candidate(arms), linear, 0));
  }

  private Comparison condition(ScoredArm candidate, ScoredArm other, double margin) {
    String name = "served - " + other.answers().arm().name().toLowerCase(Locale.ROOT);
    return conditions.condition(name, candidate, other, margin);
  }

  /** PASS where every condition and limit passes, and at least one arm was compared with. */
  static Verdict verdict(List<Comparison> comparisons, List<Limit> limits) {
    var verdicts =
        Stream.concat(
                comparisons.stream().map(Comparison::verdict), limits.stream().map(Limit::verdict))
            .toList();
    if (verdicts.contains(Verdict.FAIL)) {
      return Verdict.FAIL;
    }
    boolean passed = !comparisons.isEmpty() && verdicts.stream().allMatch(v -> v == Verdict.PASS);
    return passed ? Verdict.PASS : Verdict.INCONCLUSIVE;
  }

  static String why(List<Comparison> comparisons, List<Limit> limits) {
    List<String> said = new ArrayList<>();
    for (Comparison c : comparisons) {
      said.add(
          String.format(
              Locale.ROOT,
              "%s %+.3f [%+.3f, %+.3f] must exceed %+.3f: %s%s",
              c.name(),
              c.difference(),
              c.low(),
              c.high(),
              c.bound(),
              c.verdict(),
              c.verdict() == Verdict.INCONCLUSIVE ? undecided(c) : ""));
    }
    for (Limit l : limits) {
      said.add(
          String.format(
              Locale.ROOT,
              "%s %.3g [%.3g, %.3g] may be %.3g: %s%s",
              l.name(),
              l.value(),
              l.low(),
              l.high(),
              l.most(),
              l.verdict(),
              l.verdict() == Verdict.INCONCLUSIVE ? undecided(l) : ""));
    }
    return String.join("; ", said);
  }

  /** How many items it would take; a figure to plan by, not a promise. */
  private static String undecided(Comparison c) {
    String units = c.clusters() == c.items() ? "items" : "clusters of items";
    String limit = c.difference() == c.bound() ? "the difference is the bound" : "too few to tell";
    String set =
        c.name().equals(Forgetting.CONDITION)
            ? "; the set has no more, but a wider regression_margin takes fewer"
            : "";
    return undecided(c.clusters() + " " + units, c.needed(), limit, set);
  }

  private static String undecided(Limit l) {
    return undecided(l.items() + " answers", l.needed(), "one in 20 is slower, as may be", "");
  }

  private static String undecided(String had, long needed, String limit, String more) {
    return needed == Comparison.UNKNOWN
        ? " (%s do not decide it, and no number is known that would: %s)".formatted(had, limit)
        : " (%s do not decide it; about %d would%s)".formatted(had, needed, more);
  }
}
