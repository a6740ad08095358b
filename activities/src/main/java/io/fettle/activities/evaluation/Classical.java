package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.statistics.Classification;
import io.fettle.statistics.LogisticRegression;
import java.io.IOException;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import java.util.stream.IntStream;

/**
 * The answer of a linear model: multinomial logistic regression on the embeddings of what is asked,
 * with the answers of train as its classes. The strength of its penalty is the one with the best
 * macro-F1 on dev.
 */
final class Classical implements AutoCloseable {
  /** Of features of unit variance, each tried from the model of the one before. */
  private static final double[] PENALTIES = {1e-1, 3e-2, 1e-2, 3e-3, 1e-3, 3e-4};

  private static final int STEPS_EACH = 30;
  private static final int STEPS_AT_LAST = 60;
  private static final float TO_UNIT_VARIANCE = (float) Math.sqrt(Embeddings.DIMENSIONS);
  private static final double NANOS = 1e9;

  private final Embeddings embeddings;
  private final List<String> labels;
  private final LogisticRegression model;
  private final double penalty;

  private Classical(
      Embeddings embeddings, List<String> labels, LogisticRegression model, double penalty) {
    this.embeddings = embeddings;
    this.labels = labels;
    this.model = model;
    this.penalty = penalty;
  }

  /** Hears what is done, and to how many rows. */
  @FunctionalInterface
  interface Told {
    void says(String phase, long rows);
  }

  static Classical train(List<Item> train, List<Item> dev, Told told)
      throws IOException, InterruptedException {
    Embeddings embeddings = Embeddings.open();
    try {
      return train(embeddings, train, dev, told);
    } catch (IOException | InterruptedException | RuntimeException failed) {
      embeddings.close(); // its memory is none that the collector sees
      throw failed;
    }
  }

  private static Classical train(Embeddings embeddings, List<Item> train, List<Item> dev, Told told)
      throws IOException, InterruptedException {
    List<String> labels = train.stream().map(Item::reference).distinct().sorted().toList();
    float[][] rows = vectors(embeddings, train, "embed train", told);
    float[][] held = vectors(embeddings, dev, "embed dev", told);
    int[] truth = classes(train, labels);
    int[] devTruth = classes(dev, labels);
    int[] all = IntStream.range(0, dev.size()).toArray();
    LogisticRegression best = null;
    LogisticRegression last = LogisticRegression.zero(Embeddings.DIMENSIONS, labels.size());
    double bestScore = -1;
    double bestPenalty = 0;
    for (double penalty : PENALTIES) {
      told.says("fit, penalty " + penalty, train.size());
      last = last.fitted(rows, truth, penalty, STEPS_EACH);
      double score = Classification.macroF1(devTruth, last.classes(held), all);
      if (best == null || score > bestScore) {
        best = last;
        bestScore = score;
        bestPenalty = penalty;
      }
    }
    told.says("fit, penalty " + bestPenalty, train.size());
    LogisticRegression model =
        Objects.requireNonNull(best).fitted(rows, truth, bestPenalty, STEPS_AT_LAST);
    return new Classical(embeddings, labels, model, bestPenalty);
  }

  private static float[][] vectors(Embeddings embeddings, List<Item> items, String phase, Told told)
      throws IOException, InterruptedException {
    return embeddings
        .all(items.stream().map(Item::asked).toList(), done -> told.says(phase, done))
        .stream()
        .map(Classical::scaled)
        .toArray(float[][]::new);
  }

  private static float[] scaled(float[] vector) {
    float[] scaled = new float[vector.length];
    for (int i = 0; i < vector.length; i++) {
      scaled[i] = vector[i] * TO_UNIT_VARIANCE;
    }
    return scaled;
  }

  private static int[] classes(List<Item> items, List<String> labels) {
    return items.stream()
        .mapToInt(item -> Collections.binarySearch(labels, item.reference()))
        .map(found -> Math.max(found, -1))
        .toArray();
  }

  AnswerLine answer(Item item) throws IOException {
    long started = System.nanoTime();
    int label = model.classOf(scaled(embeddings.of(item.asked())));
    double seconds = (System.nanoTime() - started) / NANOS;
    return new AnswerLine(
        item.id(), labels.get(label), item.reference(), seconds, 0, 0, Optional.empty(), List.of());
  }

  @Override
  public String toString() {
    return String.format(
        Locale.ROOT,
        "logistic regression on all-MiniLM-L6-v2, %d labels, penalty %.0e",
        labels.size(),
        penalty);
  }

  @Override
  public void close() {
    embeddings.close();
  }
}
