package io.fettle.activities.evaluation.advice;

import io.fettle.activities.evaluation.advice.Evidence.Arm;
import io.fettle.activities.evaluation.advice.Evidence.Bar;
import io.fettle.activities.evaluation.advice.Evidence.CurvePoint;
import io.fettle.activities.evaluation.advice.Evidence.Economics;
import io.fettle.activities.evaluation.advice.Evidence.Kind;
import io.fettle.activities.evaluation.advice.Evidence.Knowledge;
import io.fettle.activities.evaluation.advice.Evidence.Noise;
import io.fettle.activities.evaluation.advice.Evidence.Probe;
import io.fettle.activities.evaluation.advice.Evidence.Probes;
import io.fettle.activities.evaluation.advice.Evidence.Readiness;
import io.fettle.activities.evaluation.advice.Evidence.State;
import io.fettle.activities.evaluation.advice.Evidence.Way;
import io.fettle.activities.evaluation.advice.Finding.Cause;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.Random;
import java.util.stream.Stream;

/**
 * Evidence of a team whose failures have known causes: each dev item is right without more, or
 * wrong for one cause, which its probe mends. Every answer then flips with a chance of 3 %.
 */
final class Drawn {
  private static final double FLIP = 0.03;

  private final Map<Cause, Double> causes = new EnumMap<>(Cause.class);
  private final Random random;
  private int trainRows = 2_000;
  private int devItems = 200;
  private int conflicts;
  private double found = 0.25;
  private OptionalDouble target = OptionalDouble.empty();
  private Knowledge knowledge = new Knowledge(State.UNKNOWN, "no text has a date");
  private Optional<Noise> noise = Optional.empty();
  private Optional<Economics> economics = Optional.empty();
  private List<Kind> probes = List.of(Kind.CONSTRAINED, Kind.PROMPT, Kind.ORACLE);
  private boolean corpus;
  private double[] curve = {};

  Drawn(long seed) {
    this.random = new Random(seed);
  }

  /** A share of all dev items is wrong for this cause. */
  Drawn wrong(Cause cause, double share) {
    causes.put(cause, share);
    return this;
  }

  Drawn rows(int train, int dev) {
    trainRows = train;
    devItems = dev;
    return this;
  }

  Drawn conflicts(int rows) {
    conflicts = rows;
    return this;
  }

  Drawn target(double score) {
    target = OptionalDouble.of(score);
    return this;
  }

  Drawn knowledge(Knowledge known) {
    knowledge = known;
    return this;
  }

  /** A RAG arm that finds this share of the passages. */
  Drawn retrieving(double share) {
    corpus = true;
    found = share;
    return this;
  }

  Drawn noise(Optional<Noise> estimated) {
    noise = estimated;
    return this;
  }

  Drawn prices(Economics known) {
    economics = Optional.of(known);
    return this;
  }

  Drawn probes(Kind... made) {
    probes = List.of(made);
    return this;
  }

  /** Scores of trainings on a quarter and a half of the rows. */
  Drawn curve(double quarter, double half) {
    curve = new double[] {quarter, half};
    return this;
  }

  Evidence evidence() {
    List<Optional<Cause>> items = Stream.generate(this::item).limit(devItems).toList();
    Arm few = arm(Way.FEW_SHOT, 4, items);
    List<Arm> arms = new ArrayList<>(List.of(arm(Way.ZERO_SHOT, 0, items), few));
    if (corpus) {
      arms.add(new Arm(Way.RAG, 0, marks(items, Cause.KNOWLEDGE, found)));
    }
    List<Probe> made = new ArrayList<>();
    for (Kind kind : probes) {
      made.add(new Probe(kind, marks(items, mended(kind), 1)));
    }
    List<CurvePoint> points = new ArrayList<>();
    for (double score : curve) {
      List<Double> marks =
          Stream.generate(() -> random.nextDouble() < score ? 1.0 : 0.0).limit(devItems).toList();
      points.add(new CurvePoint(trainRows * (points.size() + 1) / 4, marks));
    }
    return new Evidence(
        new Bar(target, 0.02, 0.05),
        new Readiness(trainRows, devItems, List.of(), 0, 0, conflicts, noise),
        arms,
        made.isEmpty() ? Optional.empty() : Optional.of(new Probes(few, made)),
        points,
        knowledge,
        economics);
  }

  private Optional<Cause> item() {
    double drawn = random.nextDouble();
    for (Map.Entry<Cause, Double> cause : causes.entrySet()) {
      drawn -= cause.getValue();
      if (drawn < 0) {
        return Optional.of(cause.getKey());
      }
    }
    return Optional.empty();
  }

  private Arm arm(Way way, int shots, List<Optional<Cause>> items) {
    return new Arm(way, shots, marks(items, Cause.REMAINING, 0));
  }

  private List<Double> marks(List<Optional<Cause>> items, Cause mended, double share) {
    return items.stream()
        .map(cause -> cause.isEmpty() || (cause.get() == mended && random.nextDouble() < share))
        .map(right -> right ^ (random.nextDouble() < FLIP) ? 1.0 : 0.0)
        .toList();
  }

  private static Cause mended(Kind kind) {
    return switch (kind) {
      case CONSTRAINED -> Cause.FORMAT;
      case PROMPT -> Cause.INSTRUCTION;
      case ORACLE -> Cause.KNOWLEDGE;
      case BIGGER -> Cause.CAPABILITY;
    };
  }
}
