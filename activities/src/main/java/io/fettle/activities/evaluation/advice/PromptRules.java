package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Facts.Scored;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Advice;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;

/** Whether a prompt does. */
final class PromptRules {
  static final double MOST = 0.5;
  private static final List<Kind> PROMPTING = List.of(Kind.CONSTRAINED, Kind.PROMPT);

  private PromptRules() {}

  static Optional<Decision> nothingAnswered(Facts facts) {
    if (facts.best().isPresent() && facts.evidence().readiness().devItems() > 0) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Advice.UNDECIDED,
            "no arm has answered a dev item, so nothing is known of what prompting reaches",
            "answer the dev items zero-shot and with examples"));
  }

  static Optional<Decision> reachesTarget(Facts facts) {
    if (facts.target().isEmpty()) {
      return Optional.empty();
    }
    double target = facts.target().getAsDouble();
    return facts.prompted().stream()
        .filter(way -> way.strict().low() >= target)
        .findFirst()
        .map(
            way ->
                new Decision(
                    word(way),
                    Say.text(
                        "%s scores %s on %s, so its lower bound reaches the target of %s",
                        way.name(), Say.of(way.strict()), items(facts), Say.percent(target)),
                    "serve it behind the endpoint and watch the same score on live requests"));
  }

  static Optional<Decision> leavesNoRoom(Facts facts) {
    return facts.prompted().stream()
        .filter(way -> way.strict().low() + facts.margin() >= 1)
        .findFirst()
        .map(
            way ->
                new Decision(
                    word(way),
                    Say.text(
                        "%s scores %s on %s: no model can beat it by the margin of %s",
                        way.name(),
                        Say.of(way.strict()),
                        items(facts),
                        Say.percent(facts.margin())),
                    "collect harder dev items if the score hides what users meet"));
  }

  /** Short trainings that no longer improve and lie below what a prompt does. */
  static Optional<Decision> trainingDoesNotReachIt(Facts facts) {
    Optional<Curve> curve = Curve.of(facts);
    Optional<Scored> best = facts.best();
    if (curve.isEmpty() || best.isEmpty() || !curve.get().flat()) {
      return Optional.empty();
    }
    Interval over =
        facts
            .marks()
            .difference(curve.get().last().marks(), best.get().marks(), facts.confidence());
    if (over.high() >= facts.margin()) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            word(best.get()),
            Say.text(
                "trained on %d rows the model differs from %s by %s points, below the margin, and %s",
                curve.get().last().rows(), best.get().name(), points(over), curve.get().said()),
            "look at the rows: more of the same do not help, others may"));
  }

  static Optional<Decision> fixesMost(Facts facts) {
    return facts.anatomy().flatMap(anatomy -> fixes(facts, anatomy));
  }

  private static Optional<Decision> fixes(Facts facts, Anatomy anatomy) {
    List<Probe> made = enough(facts, anatomy);
    for (Probe probe : made) {
      if (anatomy.fixedBy(probe).low() > MOST && anatomy.gain(probe).low() > 0) {
        return Optional.of(
            new Decision(
                facts.evidence().probes().filter(on -> on.on().way() == Way.RAG).isPresent()
                    ? Advice.RAG
                    : Advice.PROMPT,
                Say.text(
                    "%s fixes %s of %s, so most of what is wrong needs no training",
                    Facts.name(probe.kind()), Say.of(anatomy.fixedBy(probe)), failures(anatomy)),
                "serve with it, and look at what is still wrong before anything is trained"));
      }
    }
    return made.stream()
        .max(Comparator.comparingDouble(probe -> anatomy.fixedBy(probe).estimate()))
        .filter(probe -> anatomy.fixedBy(probe).high() >= MOST)
        .map(probe -> mayFix(facts, anatomy, probe));
  }

  private static Decision mayFix(Facts facts, Anatomy anatomy, Probe probe) {
    return new Decision(
        Advice.UNDECIDED,
        Say.text(
            "%s fixes %s of %s, which may be most of them or not",
            Facts.name(probe.kind()), Say.of(anatomy.fixedBy(probe)), failures(anatomy)),
        ask(facts, anatomy, anatomy.fixedBy(probe).estimate()));
  }

  /** Prompting probes that may still reach the target, if there is one. */
  private static List<Probe> enough(Facts facts, Anatomy anatomy) {
    double target = facts.target().orElse(0);
    return PROMPTING.stream()
        .flatMap(kind -> anatomy.probe(kind).stream())
        .filter(probe -> facts.marks().mean(probe.marks(), facts.confidence()).high() >= target)
        .toList();
  }

  /** How many more dev items tell whether a share of the failures is most of them. */
  static String ask(Facts facts, Anatomy anatomy, double share) {
    double failures = Power.itemsToTell(share, MOST, facts.alpha());
    int have = facts.evidence().readiness().devItems();
    double all = failures / anatomy.failing();
    return all >= Power.MOST
        ? "the two halves are too close for more items to tell: choose by what each costs"
        : "answer " + more(have, all) + " with the same probes";
  }

  /** At least 20 are worth asking for. */
  static String more(int have, double all) {
    return Say.text("%d more dev items", (int) Math.max(20, Math.ceil(all - have)));
  }

  static String failures(Anatomy anatomy) {
    return Say.count(anatomy.failures(), "failure");
  }

  static String items(Facts facts) {
    return Say.count(facts.evidence().readiness().devItems(), "dev item");
  }

  static String points(Interval difference) {
    return Say.text(
        "%+.0f [%+.0f, %+.0f]",
        100 * difference.estimate(), 100 * difference.low(), 100 * difference.high());
  }

  private static Advice word(Scored way) {
    return way.way() == Way.RAG ? Advice.RAG : Advice.PROMPT;
  }
}
