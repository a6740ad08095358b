package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Dated;
import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.Labelled;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Readiness;
import io.fettle.workflows.evaluation.Advice;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * Whether fine-tuning is the right tool, from evidence alone: equal evidence gives equal advice.
 * Nothing rests on a point estimate, and what ends a run needs more than what lets it go on.
 */
public final class Advisor {
  /** Cheap first: the first rule that the facts lead to decides. */
  private static final List<Rule> RULES =
      List.of(
          PromptRules::reachesTarget,
          DataRules::rowsAreUnusable,
          PromptRules::nothingAnswered,
          DataRules::labelsBound,
          DataRules::rowsConflict,
          PromptRules::leavesNoRoom,
          PromptRules::trainingDoesNotReachIt,
          PromptRules::fixesMost,
          KnowledgeRules::changesUnprobed,
          KnowledgeRules::isMissing,
          KnowledgeRules::strengthIsMissing,
          TuneRules::targetIsNear,
          TuneRules::classicalReachesTarget,
          TuneRules::rowsAreFew,
          TuneRules::roomIsUnclear,
          TuneRules::promptingIsUntried,
          TuneRules::promptsTogetherMayDo,
          TuneRules::tune);

  private Advisor() {}

  /** The advice with its numbers. A pure function; takes milliseconds for thousands of items. */
  public static Finding advise(Evidence evidence) {
    Facts facts = new Facts(evidence);
    Decision decision =
        RULES.stream()
            .flatMap(rule -> rule.decide(facts).stream())
            .findFirst()
            .map(first -> LinearModel.beside(facts, first))
            .orElseThrow(() -> new IllegalStateException("the last rule always decides"));
    Optional<Noise> noise = evidence.readiness().noise();
    return new Finding(
        decision.advice(),
        decision.why(),
        decision.next(),
        facts.anatomy().map(Anatomy::shares).orElse(List.of()),
        facts.detectable(),
        BreakEven.requests(evidence.economics()),
        remarks(facts),
        decision.advice() == Advice.FIX_DATA
            ? noise.map(Noise::suspects).orElse(List.of())
            : List.of(),
        Curve.of(facts).map(Curve::told));
  }

  /**
   * Estimates the share of wrong labels by classifiers that have not seen the row: what they are
   * surest of ought to be right.
   *
   * @param rows of train, with the labels as they are
   * @param confidence of the interval
   * @param seed of the folds; same seed, same estimate
   * @return empty where text tells too little of the label for a judgement, or rows are too few
   */
  public static Optional<Noise> labelNoise(List<Labelled> rows, double confidence, long seed) {
    return new LabelNoise(rows, seed).estimate(confidence);
  }

  /** Looks for what is said differently under different dates or versions. */
  public static Knowledge knowledge(List<Dated> texts) {
    return new Versions(texts).knowledge();
  }

  private static List<String> remarks(Facts facts) {
    Evidence evidence = facts.evidence();
    Readiness readiness = evidence.readiness();
    List<String> remarks = new ArrayList<>();
    remarks.add(
        Say.text(
            "with %s only differences of %s or more can be seen",
            PromptRules.items(facts), Say.percent(facts.detectable())));
    remarks.add(
        Say.text(
            "%s; %s and %s went; %d conflict",
            Say.count(readiness.trainRows(), "train row"),
            Say.count(readiness.exactDuplicates(), "exact duplicate"),
            Say.count(readiness.nearDuplicates(), "near-duplicate"),
            readiness.conflicts()));
    readiness
        .noise()
        .ifPresent(
            noise ->
                remarks.add(
                    Say.text(
                        "%s to %s of the labels look wrong, judged on %d rows",
                        Say.percent(noise.low()), Say.percent(noise.high()), noise.judged())));
    LinearModel.remark(facts).ifPresent(remarks::add);
    Curve.of(facts).ifPresent(curve -> remarks.add(said(curve)));
    remarks.add(
        "knowledge: %s (%s)"
            .formatted(
                evidence.knowledge().state().name().toLowerCase(java.util.Locale.ROOT),
                evidence.knowledge().how()));
    paid(facts).ifPresent(remarks::add);
    return remarks;
  }

  private static String said(Curve curve) {
    return "%s; %s%s"
        .formatted(
            curve.said(),
            curve.told().said(),
            curve
                .error(curve.rowsAhead())
                .map(error -> Say.text("; a fit with a floor says %s then", Say.percent(1 - error)))
                .orElse(""));
  }

  private static Optional<String> paid(Facts facts) {
    OptionalDouble requests = BreakEven.requests(facts.evidence().economics());
    if (requests.isEmpty()) {
      return Optional.empty();
    }
    double needed = requests.getAsDouble();
    return Optional.of(
        Double.isInfinite(needed)
            ? "a request to a tuned model saves nothing, so training is never paid by price"
            : Say.text("training is paid after %.0f requests", Math.ceil(needed)));
  }
}
