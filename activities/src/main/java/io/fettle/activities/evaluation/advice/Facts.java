package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Arm;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Probes;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.statistics.Interval;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.stream.Stream;

/** The evidence with its intervals, as the rules read it. */
final class Facts {
  /**
   * Ways of doing without training that are held against a bar: four arms and two probes. Each gets
   * its part of alpha (Bonferroni) whether it was tried or not, so that trying one more never takes
   * from another what it had.
   */
  private static final int WAYS = 6;

  private final Evidence evidence;
  private final Marks marks;
  private final List<Scored> ways = new ArrayList<>();
  private final Optional<Anatomy> anatomy;

  Facts(Evidence evidence) {
    this.evidence = evidence;
    this.marks = new Marks(evidence.readiness().devItems(), evidence.readiness().clusters());
    for (Way way : Way.values()) {
      arm(way).ifPresent(arm -> ways.add(scored(name(arm), arm.way(), arm.marks())));
    }
    evidence.probes().ifPresent(this::addPrompting);
    this.anatomy =
        evidence
            .probes()
            .or(this::unprobed)
            .map(made -> new Anatomy(made, retrieved(made.on()), marks, confidence()))
            .filter(found -> found.failures() > 0);
  }

  /** Without probes, retrieval alone may mend what the best arm without it gets wrong. */
  private Optional<Probes> unprobed() {
    return Stream.of(Way.ZERO_SHOT, Way.FEW_SHOT)
        .flatMap(way -> arm(way).stream())
        .max(Comparator.comparingDouble(Facts::mean))
        .map(arm -> new Probes(arm, List.of()));
  }

  /** A prompting probe serves as it is; what is added to a RAG arm stays retrieval. */
  private void addPrompting(Probes probes) {
    probes.made().stream()
        .filter(probe -> probe.kind() == Kind.CONSTRAINED || probe.kind() == Kind.PROMPT)
        .forEach(probe -> ways.add(scored(name(probe.kind()), probes.on().way(), probe.marks())));
  }

  /** One way of answering dev; {@code strict} is the interval to hold against a bar. */
  record Scored(String name, Way way, List<Double> marks, Interval mean, Interval strict) {}

  private Scored scored(String name, Way way, List<Double> given) {
    double part = 1 - evidence.bar().alpha() / WAYS;
    return new Scored(name, way, given, marks.mean(given, confidence()), marks.mean(given, part));
  }

  private Optional<List<Double>> retrieved(Arm on) {
    return on.way() == Way.RAG ? Optional.empty() : arm(Way.RAG).map(Arm::marks);
  }

  private Optional<Arm> arm(Way way) {
    return evidence.arms().stream()
        .filter(arm -> arm.way() == way)
        .max(Comparator.comparingDouble(Facts::mean).thenComparingInt(arm -> -arm.shots()));
  }

  private static double mean(Arm arm) {
    return arm.marks().stream().mapToDouble(mark -> mark).average().orElse(0);
  }

  private static String name(Arm arm) {
    return switch (arm.way()) {
      case ZERO_SHOT -> "zero-shot";
      case FEW_SHOT -> "few-shot with " + Say.count(arm.shots(), "example");
      case RAG -> "RAG";
      case CLASSICAL -> "a linear model on embeddings";
    };
  }

  static String name(Kind kind) {
    return switch (kind) {
      case CONSTRAINED -> "constrained decoding";
      case PROMPT -> "a better system prompt";
      case ORACLE -> "the right passage in the prompt";
      case BIGGER -> "the bigger model";
    };
  }

  Evidence evidence() {
    return evidence;
  }

  Marks marks() {
    return marks;
  }

  Optional<Anatomy> anatomy() {
    return anatomy;
  }

  double alpha() {
    return evidence.bar().alpha();
  }

  double confidence() {
    return 1 - alpha();
  }

  double margin() {
    return evidence.bar().margin();
  }

  OptionalDouble target() {
    return evidence.bar().target();
  }

  /** Arms and probes that serve as they are, with a language model; retrieval last. */
  List<Scored> prompted() {
    return ways.stream()
        .filter(way -> way.way() != Way.CLASSICAL)
        .sorted(Comparator.comparing(way -> way.way() == Way.RAG))
        .toList();
  }

  Optional<Scored> best() {
    return prompted().stream().max(Comparator.comparingDouble(way -> way.mean().estimate()));
  }

  Optional<Scored> way(Way way) {
    return ways.stream().filter(one -> one.way() == way).findFirst();
  }

  /** The most that any model can score on labels of which some are wrong. */
  double ceiling() {
    return 1 - evidence.readiness().noise().map(Noise::low).orElse(0.0);
  }

  double detectable() {
    return Power.detectable(marks.independent(), alpha());
  }
}
