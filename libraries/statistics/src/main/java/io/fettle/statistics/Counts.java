package io.fettle.statistics;

import java.util.function.IntPredicate;

/** Sums of counts. */
final class Counts {
  private Counts() {}

  static int sum(int[] counts) {
    int sum = 0;
    for (int count : counts) {
      sum += count;
    }
    return sum;
  }

  /** How many clusters have such an item. */
  static int clusters(Clusters clusters, IntPredicate such) {
    boolean[] has = new boolean[clusters.count()];
    int count = 0;
    for (int item = 0; item < clusters.items(); item++) {
      int cluster = clusters.of(item);
      if (!has[cluster] && such.test(item)) {
        has[cluster] = true;
        count++;
      }
    }
    return count;
  }
}
