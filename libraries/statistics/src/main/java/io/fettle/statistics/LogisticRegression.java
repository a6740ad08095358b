package io.fettle.statistics;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * Multinomial logistic regression: class c has the score w_c·x + b_c, and its probability is the
 * softmax. Minimizes the mean cross-entropy plus penalty / 2 · |w|² (intercepts are free), which is
 * convex, by L-BFGS; with a penalty its minimum is unique, so the seed is nothing that decides.
 * Equal rows in equal order give equal weights, whatever the number of cores. Immutable.
 */
public final class LogisticRegression {
  /** Partial sums, added in their order: their number must not be that of the cores. */
  private static final int PARTS = 32;

  private final int features;
  private final int classes;

  /** {@code double[features + 1][classes]} in one; the last row holds the intercepts. */
  private final double[] weights;

  private LogisticRegression(int features, int classes, double[] weights) {
    this.features = features;
    this.classes = classes;
    this.weights = weights;
  }

  /** The model that finds all classes equally likely. */
  public static LogisticRegression zero(int features, int classes) {
    return new LogisticRegression(features, classes, new double[(features + 1) * classes]);
  }

  /**
   * The model of these rows, sought from this one on: down a path of ever smaller penalties each
   * model is near the last. Features of about unit variance are the quickest.
   *
   * @param rows {@code float32[rows][features]}
   * @param truth the class of each row, from 0
   * @param penalty of squared weights; more than 0
   * @param steps at most; fewer where the loss has stopped falling
   * @throws IllegalArgumentException if there are no rows, or a class is not one
   */
  public LogisticRegression fitted(float[][] rows, int[] truth, double penalty, int steps) {
    if (rows.length == 0 || rows.length != truth.length || penalty <= 0) {
      throw new IllegalArgumentException(
          "%d rows of %d classes at penalty %s".formatted(rows.length, truth.length, penalty));
    }
    if (Arrays.stream(truth).anyMatch(c -> c < 0 || c >= classes)) {
      throw new IllegalArgumentException("a class is not from 0 to " + (classes - 1));
    }
    double[] found =
        Lbfgs.minimum(weights, (at, gradient) -> loss(at, gradient, rows, truth, penalty), steps);
    return new LogisticRegression(features, classes, found);
  }

  private double loss(double[] at, double[] gradient, float[][] rows, int[] truth, double penalty) {
    double[][] byFeature = byFeature(at);
    double[][][] gradients = new double[PARTS][][];
    double[] losses = new double[PARTS];
    IntStream.range(0, PARTS)
        .parallel()
        .forEach(
            part -> {
              gradients[part] = new double[features + 1][classes];
              losses[part] = partialLoss(byFeature, gradients[part], rows, truth, part);
            });
    Arrays.fill(gradient, 0);
    double loss = 0;
    for (int part = 0; part < PARTS; part++) {
      loss += losses[part] / rows.length;
      for (int i = 0; i < gradient.length; i++) {
        gradient[i] += gradients[part][i / classes][i % classes] / rows.length;
      }
    }
    for (int i = 0; i < features * classes; i++) {
      gradient[i] += penalty * at[i];
      loss += penalty / 2 * at[i] * at[i];
    }
    return loss;
  }

  private double partialLoss(
      double[][] byFeature, double[][] gradient, float[][] rows, int[] truth, int part) {
    double[] scores = new double[classes];
    double loss = 0;
    int from = (int) ((long) rows.length * part / PARTS);
    int to = (int) ((long) rows.length * (part + 1) / PARTS);
    for (int row = from; row < to; row++) {
      scores(byFeature, rows[row], scores);
      loss += softmax(scores, truth[row]);
      scores[truth[row]] -= 1;
      for (int f = 0; f < features; f++) {
        addScaled(gradient[f], rows[row][f], scores);
      }
      addScaled(gradient[features], 1, scores);
    }
    return loss;
  }

  /** A row for each feature, and one for the intercepts: whole arrays are added in vectors. */
  private double[][] byFeature(double[] flat) {
    double[][] rows = new double[features + 1][];
    for (int f = 0; f <= features; f++) {
      rows[f] = Arrays.copyOfRange(flat, f * classes, (f + 1) * classes);
    }
    return rows;
  }

  private void scores(double[][] byFeature, float[] row, double[] scores) {
    System.arraycopy(byFeature[features], 0, scores, 0, classes);
    for (int f = 0; f < features; f++) {
      addScaled(scores, row[f], byFeature[f]);
    }
  }

  private static void addScaled(double[] sum, double factor, double[] terms) {
    for (int c = 0; c < sum.length; c++) {
      sum[c] += factor * terms[c];
    }
  }

  /** Turns scores into probabilities, and returns the cross-entropy in nats. */
  private static double softmax(double[] scores, int truth) {
    double top = Arrays.stream(scores).max().orElseThrow();
    double sum = 0;
    double ofTruth = scores[truth] - top;
    for (int c = 0; c < scores.length; c++) {
      scores[c] = Math.exp(scores[c] - top);
      sum += scores[c];
    }
    for (int c = 0; c < scores.length; c++) {
      scores[c] /= sum;
    }
    return Math.log(sum) - ofTruth;
  }

  /** What a feature counts for a class. */
  double weight(int feature, int ofClass) {
    return weights[feature * classes + ofClass];
  }

  /** The likeliest class; of equals the first. */
  public int classOf(float[] row) {
    return classes(new float[][] {row})[0];
  }

  /** The likeliest class of each row. */
  public int[] classes(float[][] rows) {
    double[][] byFeature = byFeature(weights);
    double[] scores = new double[classes];
    int[] likeliest = new int[rows.length];
    for (int row = 0; row < rows.length; row++) {
      scores(byFeature, rows[row], scores);
      for (int c = 1; c < classes; c++) {
        likeliest[row] = scores[c] > scores[likeliest[row]] ? c : likeliest[row];
      }
    }
    return likeliest;
  }
}
