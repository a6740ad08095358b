package io.fettle.activities.data;

import io.fettle.activities.store.Stores;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Whole clusters in an order that the seed alone decides: each sample is the one before it and the
 * next clusters that still fit. What a cluster's hash is depends on no other cluster, so rows that
 * come later move few.
 */
final class NestedSample {
  private static final int ALL = 100;

  private final Map<String, Integer> rowsOfCluster;
  private final List<String> order;
  private final Set<String> chosen = new LinkedHashSet<>();
  private int rows;

  NestedSample(Map<String, Integer> rowsOfCluster, long seed) {
    this.rowsOfCluster = rowsOfCluster;
    this.order =
        rowsOfCluster.keySet().stream()
            .sorted(Comparator.comparing((String cluster) -> drawn(cluster, seed)))
            .toList();
  }

  private static String drawn(String cluster, long seed) {
    return Stores.sha256((seed + "\n" + cluster).getBytes(StandardCharsets.UTF_8));
  }

  /** The clusters of each sample, for ascending shares. */
  List<Set<String>> of(List<Integer> percents) {
    long all = rowsOfCluster.values().stream().mapToLong(Integer::longValue).sum();
    List<Set<String>> samples = new ArrayList<>();
    for (int percent : percents) {
      fill(all * percent / ALL);
      samples.add(Set.copyOf(chosen));
    }
    return samples;
  }

  /** A cluster that would go past the mark waits for a larger sample. */
  private void fill(long mark) {
    for (String cluster : order) {
      int more = rowsOfCluster.getOrDefault(cluster, 0);
      if (rows + more <= mark && chosen.add(cluster)) {
        rows += more;
      }
    }
  }
}
