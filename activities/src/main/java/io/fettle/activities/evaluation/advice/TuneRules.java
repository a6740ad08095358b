package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Readiness;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Facts.Scored;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Advice;
import java.util.Optional;

/** Whether training is worth it, once nothing cheaper is known to do. */
final class TuneRules {
  /**
   * From here on training is worth trying untried; below, a learning curve has to show it. Vendors
   * of tuning say that 50 to 100 rows begin to help; the higher end ends fewer runs in vain.
   */
  private static final int ENOUGH_ROWS = 100;

  private TuneRules() {}

  static Optional<Decision> targetIsNear(Facts facts) {
    Optional<Scored> best = facts.best();
    if (facts.target().isEmpty() || best.isEmpty()) {
      return Optional.empty();
    }
    double target = facts.target().getAsDouble();
    Interval score = best.get().mean();
    if (score.high() < target) {
      return Optional.empty();
    }
    int all = Power.itemsToTell(score.estimate(), target, facts.alpha());
    return undecided(
        Say.text(
            "%s scores %s on %s, which may reach the target of %s or not",
            best.get().name(), Say.of(score), PromptRules.items(facts), Say.percent(target)),
        all >= Power.MOST
            ? "the score lies at the target: look whether what is wrong matters"
            : "answer "
                + PromptRules.more(facts.evidence().readiness().devItems(), all)
                + " with it");
  }

  /** There is no word for an advice to do without a language model, so it is only told. */
  static Optional<Decision> classicalReachesTarget(Facts facts) {
    return LinearModel.enough(facts)
        .flatMap(
            _ ->
                undecided(
                    "what is asked may need no language model",
                    "serve that model beside the endpoint before one is trained"));
  }

  static boolean enoughRows(Facts facts) {
    return facts.evidence().readiness().trainRows() >= ENOUGH_ROWS
        || Curve.of(facts).filter(Curve::falling).isPresent();
  }

  static Optional<Decision> rowsAreFew(Facts facts) {
    Readiness readiness = facts.evidence().readiness();
    if (enoughRows(facts)) {
      return Optional.empty();
    }
    return undecided(
        Say.text(
            "%s are few to learn from, and with %s only differences of %s or more can be seen",
            Say.count(readiness.trainRows(), "train row"),
            PromptRules.items(facts),
            Say.percent(facts.detectable())),
        Say.text(
            "label %d more rows%s",
            ENOUGH_ROWS - readiness.trainRows(),
            facts.evidence().curve().isEmpty()
                ? ", or train on a quarter and a half of these and compare"
                : ""));
  }

  static Optional<Decision> roomIsUnclear(Facts facts) {
    Optional<Scored> best = facts.best();
    if (best.isEmpty()) {
      return Optional.empty();
    }
    Interval score = best.get().mean();
    double room = facts.ceiling() - facts.margin() - score.estimate();
    boolean certain = score.high() + facts.margin() < facts.ceiling();
    if (certain && facts.detectable() <= room) {
      return Optional.empty();
    }
    int all = Power.itemsToTell(score.estimate(), facts.ceiling() - facts.margin(), facts.alpha());
    return undecided(
        Say.text(
            "%s scores %s, which leaves %s above the margin, and %s show differences of %s or more",
            best.get().name(),
            Say.of(score),
            Say.percent(Math.max(0, room)),
            PromptRules.items(facts),
            Say.percent(facts.detectable())),
        "answer " + PromptRules.more(facts.evidence().readiness().devItems(), all));
  }

  static Optional<Decision> promptingIsUntried(Facts facts) {
    boolean tried =
        facts.way(Way.FEW_SHOT).isPresent()
            || facts.anatomy().flatMap(found -> found.probe(Kind.PROMPT)).isPresent()
            || facts.anatomy().flatMap(found -> found.probe(Kind.CONSTRAINED)).isPresent();
    return tried
        ? Optional.empty()
        : undecided(
            "only the plain prompt was asked, so nothing is known of what a better one reaches",
            "answer the dev items with examples in the prompt, and with a better system prompt");
  }

  static Optional<Decision> promptsTogetherMayDo(Facts facts) {
    return facts
        .anatomy()
        .filter(_ -> facts.evidence().probes().isPresent())
        .filter(found -> found.unprompted().low() <= PromptRules.MOST)
        .flatMap(
            found ->
                undecided(
                    Say.text(
                        "no single prompt fixes most failures, but together they leave only %s of %s",
                        Say.of(found.unprompted()), PromptRules.failures(found)),
                    "answer the dev items with constrained decoding and the better prompt at once"));
  }

  static Optional<Decision> tune(Facts facts) {
    String base =
        facts
            .best()
            .map(best -> Say.text("%s scores %s", best.name(), Say.of(best.mean())))
            .orElse("nothing scores");
    String left =
        facts
            .anatomy()
            .filter(_ -> facts.evidence().probes().isPresent())
            .map(
                found ->
                    Say.text(
                        ", no prompt that was tried mends %s of %s,",
                        Say.of(found.unprompted()), PromptRules.failures(found)))
            .orElse("");
    return Optional.of(
        new Decision(
            Advice.FINE_TUNE,
            Say.text(
                "%s on %s%s and %s are enough to learn from",
                base,
                PromptRules.items(facts),
                left,
                Say.count(facts.evidence().readiness().trainRows(), "train row")),
            facts.evidence().curve().isEmpty()
                ? "train on a quarter and a half of the rows first: a flat curve saves the whole"
                : "train on all rows: what parts of them taught does not speak against it"));
  }

  private static Optional<Decision> undecided(String why, String next) {
    return Optional.of(new Decision(Advice.UNDECIDED, why, next));
  }
}
