package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.BreakEven.Bigger;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Facts.Scored;
import io.fettle.statistics.Interval;
import io.fettle.workflows.evaluation.Advice;
import java.util.Optional;

/** Whether the model lacks knowledge, or strength. */
final class KnowledgeRules {
  /** A fifth of the failures: what is surely more is a cause of its own. */
  static final double MATTERS = 0.2;

  /** Retrieval that comes within five points of the right passage finds it. */
  private static final double NEAR = -0.05;

  private KnowledgeRules() {}

  static Optional<Decision> changesUnprobed(Facts facts) {
    boolean probed =
        facts.anatomy().flatMap(found -> found.probe(Kind.ORACLE)).isPresent()
            || facts.way(Way.RAG).isPresent();
    if (probed || facts.evidence().knowledge().state() != State.CHANGING) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Advice.UNDECIDED,
            "the knowledge changes (%s), and whether the failures are for want of it was not asked"
                .formatted(facts.evidence().knowledge().how()),
            "answer the dev items with the right passage in the prompt, or give a corpus for the RAG arm"));
  }

  static Optional<Decision> isMissing(Facts facts) {
    return facts
        .anatomy()
        .filter(found -> found.probe(Kind.ORACLE).isPresent() || facts.way(Way.RAG).isPresent())
        .flatMap(found -> missing(facts, found));
  }

  private static Optional<Decision> missing(Facts facts, Anatomy anatomy) {
    Interval knowledge = anatomy.knowledge();
    if (knowledge.low() <= MATTERS) {
      return knowledge.high() < PromptRules.MOST
          ? Optional.empty()
          : Optional.of(unclear(facts, anatomy, knowledge.estimate()));
    }
    boolean reached = reached(facts, anatomy);
    State state = facts.evidence().knowledge().state();
    if (!reached && state == State.STABLE) {
      return Optional.empty();
    }
    boolean behaves = anatomy.behaviour().low() <= MATTERS;
    if (behaves && knowledge.low() <= PromptRules.MOST) {
      return Optional.of(unclear(facts, anatomy, knowledge.estimate()));
    }
    if (!reached && state == State.UNKNOWN) {
      return Optional.of(unknown(facts, anatomy));
    }
    return behaves ? Optional.of(retrieve(facts, anatomy, reached)) : both(facts, anatomy, reached);
  }

  private static Decision unclear(Facts facts, Anatomy anatomy, double share) {
    return new Decision(
        Advice.UNDECIDED,
        Say.text(
            "the right passage mends %s of %s, which may be most of them or not",
            Say.of(anatomy.knowledge()), PromptRules.failures(anatomy)),
        PromptRules.ask(facts, anatomy, share));
  }

  private static Decision unknown(Facts facts, Anatomy anatomy) {
    boolean asked = facts.way(Way.RAG).isPresent();
    return new Decision(
        Advice.UNDECIDED,
        Say.text(
            "the right passage mends %s of %s, but whether that knowledge changes is not known (%s)",
            Say.of(anatomy.knowledge()),
            PromptRules.failures(anatomy),
            facts.evidence().knowledge().how()),
        asked
            ? "give the corpus' dates or versions, or say in the spec whether it changes"
            : "run the RAG arm on dev, and give the corpus' dates or versions");
  }

  private static Decision retrieve(Facts facts, Anatomy anatomy, boolean reached) {
    return new Decision(
        Advice.RAG,
        Say.text(
            "the right passage mends %s of %s, and %s",
            Say.of(anatomy.knowledge()),
            PromptRules.failures(anatomy),
            because(facts, anatomy, reached)),
        reached
            ? "serve with retrieval, and look at what is still wrong"
            : "improve retrieval until the RAG arm comes near the right passage");
  }

  private static Optional<Decision> both(Facts facts, Anatomy anatomy, boolean reached) {
    if (!TuneRules.enoughRows(facts)) {
      return Optional.empty();
    }
    return Optional.of(
        new Decision(
            Advice.FINE_TUNE_AND_RAG,
            Say.text(
                "the right passage mends %s of %s and %s; %s stay wrong with it and with every prompt",
                Say.of(anatomy.knowledge()),
                PromptRules.failures(anatomy),
                because(facts, anatomy, reached),
                Say.of(anatomy.behaviour())),
            "add the RAG arm to dev before training, so that rows are trained with their passages"));
  }

  private static String because(Facts facts, Anatomy anatomy, boolean reached) {
    if (facts.evidence().knowledge().state() == State.CHANGING) {
      return "the knowledge changes (%s)".formatted(facts.evidence().knowledge().how());
    }
    return reached
        ? Say.text("retrieval reaches it: RAG mends %s", Say.of(anatomy.fixedByRetrieval()))
        : "retrieval is the way to it";
  }

  /** Whether the RAG arm mends most failures, or comes near what the right passage does. */
  private static boolean reached(Facts facts, Anatomy anatomy) {
    Optional<Scored> rag = facts.way(Way.RAG);
    if (rag.isEmpty()) {
      return false;
    }
    if (anatomy.fixedByRetrieval().low() > PromptRules.MOST) {
      return true;
    }
    Optional<Probe> oracle = anatomy.probe(Kind.ORACLE);
    return oracle.isPresent()
        && facts
                .marks()
                .difference(rag.get().marks(), oracle.get().marks(), facts.confidence())
                .low()
            > NEAR;
  }

  static Optional<Decision> strengthIsMissing(Facts facts) {
    return facts.anatomy().flatMap(found -> stronger(facts, found));
  }

  private static Optional<Decision> stronger(Facts facts, Anatomy anatomy) {
    Optional<Probe> probe = anatomy.probe(Kind.BIGGER);
    Bigger price = BreakEven.bigger(facts.evidence().economics());
    if (probe.isEmpty() || price == Bigger.TOO_DEAR) {
      return Optional.empty();
    }
    Interval fixed = anatomy.fixedBy(probe.get());
    if (fixed.low() <= PromptRules.MOST || anatomy.gain(probe.get()).low() <= 0) {
      return Optional.empty();
    }
    String fixes =
        Say.text("the bigger model fixes %s of %s", Say.of(fixed), PromptRules.failures(anatomy));
    return Optional.of(
        price == Bigger.ALLOWED
            ? new Decision(
                Advice.BIGGER_MODEL,
                fixes + ", and its price is allowed",
                "serve the bigger model, and tune the small one when requests grow")
            : new Decision(
                Advice.UNDECIDED,
                fixes + ", but what it may cost is not known",
                "give the prices of a request to both models, and the requests a month"));
  }
}
