package io.fettle.activities.data;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NestedSampleTest {
  private static final List<Integer> QUARTER_AND_HALF = List.of(25, 50);

  @Test
  void the_smaller_lies_in_the_larger_and_neither_is_more_than_was_asked() {
    for (long seed = 0; seed < 50; seed++) {
      Map<String, Integer> clusters = clusters(200);
      int all = rows(clusters, clusters.keySet());

      var samples = new NestedSample(clusters, seed).of(QUARTER_AND_HALF);

      assertThat(samples.get(1)).containsAll(samples.get(0));
      assertThat(rows(clusters, samples.get(0))).isBetween(all / 4 - 5, all / 4);
      assertThat(rows(clusters, samples.get(1))).isBetween(all / 2 - 5, all / 2);
    }
  }

  @Test
  void equal_seeds_draw_equal_samples_in_whatever_order_clusters_come_and_others_do_not() {
    Map<String, Integer> backwards = new LinkedHashMap<>();
    clusters(200)
        .sequencedEntrySet()
        .reversed()
        .forEach(c -> backwards.put(c.getKey(), c.getValue()));

    var samples = new NestedSample(clusters(200), 7).of(QUARTER_AND_HALF);

    assertThat(new NestedSample(backwards, 7).of(QUARTER_AND_HALF)).isEqualTo(samples);
    assertThat(new NestedSample(clusters(200), 8).of(QUARTER_AND_HALF)).isNotEqualTo(samples);
  }

  @Test
  void a_cluster_that_would_go_past_the_mark_waits() {
    Map<String, Integer> clusters = new LinkedHashMap<>(Map.of("most", 60));
    for (int i = 0; i < 40; i++) {
      clusters.put("row " + i, 1);
    }

    var samples = new NestedSample(clusters, 1).of(QUARTER_AND_HALF);

    assertThat(samples.get(0)).hasSize(25).doesNotContain("most");
    assertThat(samples.get(1)).hasSize(40).doesNotContain("most");
  }

  /** Of one to four rows. */
  private static SequencedMap<String, Integer> clusters(int count) {
    SequencedMap<String, Integer> clusters = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      clusters.put("cluster " + i, 1 + i % 4);
    }
    return clusters;
  }

  private static int rows(Map<String, Integer> clusters, Set<String> of) {
    return of.stream().mapToInt(cluster -> clusters.getOrDefault(cluster, 0)).sum();
  }
}
