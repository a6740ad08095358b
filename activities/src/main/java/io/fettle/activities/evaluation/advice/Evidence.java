package io.fettle.activities.evaluation.advice;

import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;

/**
 * All that is known when the advice is given. Marks are one an item of dev, from 0 (wrong) to 1
 * (right), in one order for every arm and probe; an item is right from 0.5 on.
 *
 * @param arms what answered dev; of several few-shot arms the best by mean stands for all
 * @param probes what was tried on the failures
 * @param curve scores of short trainings on parts of the rows, smallest first
 * @param economics prices, where they are known
 */
public record Evidence(
    Bar bar,
    Readiness readiness,
    List<Arm> arms,
    Optional<Probes> probes,
    List<CurvePoint> curve,
    Knowledge knowledge,
    Optional<Economics> economics) {
  public Evidence {
    arms = List.copyOf(arms);
    curve = List.copyOf(curve);
    int items = readiness.devItems();
    arms.forEach(arm -> sized(arm.marks(), items, arm.way()));
    curve.forEach(point -> sized(point.marks(), items, "a curve point"));
    probes.ifPresent(
        made -> {
          sized(made.on().marks(), items, made.on().way());
          made.made().forEach(probe -> sized(probe.marks(), items, probe.kind()));
        });
  }

  private static void sized(List<Double> marks, int items, Object what) {
    if (marks.size() != items) {
      throw new IllegalArgumentException(
          "%d marks of %s for %d dev items; one each".formatted(marks.size(), what, items));
    }
  }

  /**
   * What is asked of a model.
   *
   * @param target score that is good enough; empty: the user named none
   * @param margin by which a tuned model has to beat the best prompted arm
   * @param alpha intervals are 1 - alpha wide, as the gate's
   */
  public record Bar(OptionalDouble target, double margin, double alpha) {}

  /**
   * What the rows are worth.
   *
   * @param trainRows after duplicates went
   * @param clusters of each dev item, as numbers; empty: items are independent
   * @param conflicts train rows whose prompts are alike and whose answers differ
   * @param noise empty where labels could not be judged, or there are none
   */
  public record Readiness(
      int trainRows,
      int devItems,
      List<Integer> clusters,
      int exactDuplicates,
      int nearDuplicates,
      int conflicts,
      Optional<Noise> noise) {
    public Readiness {
      clusters = List.copyOf(clusters);
      if (!clusters.isEmpty() && clusters.size() != devItems) {
        throw new IllegalArgumentException(
            "%d clusters for %d dev items; one each, or none at all"
                .formatted(clusters.size(), devItems));
      }
    }
  }

  /** A way of answering without training, cheapest first. */
  public enum Way {
    ZERO_SHOT,
    FEW_SHOT,
    RAG,
    /** A classifier learnt from the train rows without a language model. */
    CLASSICAL
  }

  /** One arm on dev; {@code shots} examples in its prompt. */
  public record Arm(Way way, int shots, List<Double> marks) {
    public Arm {
      marks = List.copyOf(marks);
    }
  }

  /** One thing that is added to an arm to see which failures it fixes, cheapest first. */
  public enum Kind {
    /** The answer's schema or label list is enforced while decoding. */
    CONSTRAINED,
    /** A better system prompt. */
    PROMPT,
    /** The passage that holds the answer is put into the prompt. */
    ORACLE,
    /** A bigger model of the same family. */
    BIGGER
  }

  /** Marks of the same items with the thing added. */
  public record Probe(Kind kind, List<Double> marks) {
    public Probe {
      marks = List.copyOf(marks);
    }
  }

  /** The probes made, at most one a kind, and the arm that they share all but one thing with. */
  public record Probes(Arm on, List<Probe> made) {
    public Probes {
      made = List.copyOf(made);
    }
  }

  /** A short training's marks; {@code rows} it was trained on. */
  public record CurvePoint(int rows, List<Double> marks) {
    public CurvePoint {
      marks = List.copyOf(marks);
    }
  }

  /** Whether what the answers rest on changes. */
  public enum State {
    CHANGING,
    STABLE,
    UNKNOWN
  }

  /**
   * What is known of the knowledge.
   *
   * @param how it is known, with its numbers, in a clause
   */
  public record Knowledge(State state, String how) {
    /** The user's word, which no detector overrides. */
    public static Knowledge said(State state) {
      return new Knowledge(state, "the spec says so");
    }
  }

  /**
   * Prices in one currency; each may be unknown.
   *
   * @param requests a month
   * @param prompted a request of the best prompted arm, with its examples and passages
   * @param training once, with its evaluation
   * @param retrainings a year, at the price of {@code training} each
   * @param most that a request may cost
   */
  public record Economics(
      OptionalDouble requests,
      Optional<Price> prompted,
      Optional<Price> tuned,
      Optional<Price> bigger,
      OptionalDouble training,
      double retrainings,
      OptionalDouble most) {}

  /** Tokens of a mean request, and prices a million of them. */
  public record Price(
      double promptTokens, double answerTokens, double promptMillion, double answerMillion) {
    /** Of one request. */
    public double request() {
      return (promptTokens * promptMillion + answerTokens * answerMillion) / 1e6;
    }
  }

  /** A row of a classification, as the noise estimate reads it. */
  public record Labelled(String id, String text, String label) {}

  /**
   * Wrong labels among the train rows.
   *
   * @param share estimated, between {@code low} and {@code high}
   * @param judged rows that the estimate rests on
   * @param suspects ids, most suspect first
   */
  public record Noise(double share, double low, double high, int judged, List<String> suspects) {
    public Noise {
      suspects = List.copyOf(suspects);
    }
  }

  /**
   * A document, or a row's question and answer, as the search for versions reads it.
   *
   * @param version a date or version beside the text; empty: looked for in the id and the text
   * @param question of a row; empty for a document
   */
  public record Dated(String id, String version, String question, String text) {}
}
