package io.fettle.statistics;

import java.util.Map;
import java.util.TreeMap;

/** Scores of predicted against true labels. */
public final class Classification {
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
