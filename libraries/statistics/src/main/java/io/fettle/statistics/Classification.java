package io.fettle.statistics;

import java.util.Map;
import java.util.TreeMap;

/** Scores of predicted against true labels. */
public final class Classification {
  /** Label numbers below it are counted in arrays: a bootstrap scores thousands of resamples. */
  private static final int DENSE = 4_096;

  private Classification() {}

  /**
   * The unweighted mean of every true label's F1 over the given items. A label that is predicted
   * but never true counts only against the others' precision; zero over zero is zero.
   *
   * @param truth label numbers, one an item; equal negative ones are one label that nobody can name
   * @param predicted label numbers, one an item; a negative one is no label at all and never right
   * @param items indices to score, with repeats
   */
  public static double macroF1(int[] truth, int[] predicted, int[] items) {
    int most = 0;
    int least = 0;
    for (int item : items) {
      most = Math.max(most, Math.max(truth[item], predicted[item]));
      least = Math.min(least, truth[item]);
    }
    return least >= 0 && most < DENSE
        ? dense(truth, predicted, items, most + 1)
        : sparse(truth, predicted, items);
  }

  private static double dense(int[] truth, int[] predicted, int[] items, int labels) {
    int[] trueOnes = new int[labels];
    int[] right = new int[labels];
    int[] claimed = new int[labels];
    for (int item : items) {
      int label = truth[item];
      int answer = predicted[item];
      trueOnes[label]++;
      if (answer >= 0) {
        claimed[answer]++;
        right[label] += answer == label ? 1 : 0;
      }
    }
    double sum = 0;
    int occurring = 0;
    for (int label = 0; label < labels; label++) {
      if (trueOnes[label] > 0) {
        occurring++;
        sum += 2.0 * right[label] / (trueOnes[label] + claimed[label]);
      }
    }
    return occurring == 0 ? 0 : sum / occurring;
  }

  private static double sparse(int[] truth, int[] predicted, int[] items) {
    Map<Integer, int[]> counts = new TreeMap<>();
    for (int item : items) {
      int[] right = counts.computeIfAbsent(truth[item], label -> new int[3]);
      right[0]++;
      if (predicted[item] >= 0 && truth[item] == predicted[item]) {
        right[1]++;
      }
    }
    for (int item : items) {
      int[] claimed = counts.get(predicted[item]);
      if (claimed != null && predicted[item] >= 0) {
        claimed[2]++;
      }
    }
    return counts.values().stream()
        .mapToDouble(c -> 2.0 * c[1] / (c[0] + c[2]))
        .average()
        .orElse(0);
  }
}
