package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class ConstantsTest {
  private static final int SOURCES = 3;

  @Test
  void they_are_what_counting_every_shingle_of_every_source_finds() throws IOException {
    for (int seed = 0; seed < 20; seed++) {
      var random = new Random(seed);
      var constants = new Constants();
      var store = new SetStore(Optional.empty(), 0);
      List<Integer> sources = new ArrayList<>();
      List<Map<Long, Integer>> counts = List.of(new HashMap<>(), new HashMap<>(), new HashMap<>());
      var rows = new int[SOURCES];
      for (int row = 0; row < 1_500; row++) {
        int source = row < SOURCES ? row : random.nextInt(5) % SOURCES;
        sources.add(source);
        rows[source]++;
        var set = set(random);
        store.add(set);
        constants.add(set, source);
        Arrays.stream(set)
            .filter(shingle -> (shingle & Column.WHOLE.bit()) != 0)
            .forEach(
                shingle -> counts.get(source).merge(shingle & ~Shingles.COLUMNS, 1, Integer::sum));
      }
      store.seal();

      Set<Long> found = new TreeSet<>();
      constants.of(store, sources::get).forEach((shingle, _) -> found.add(shingle));

      assertThat(found).isEqualTo(naive(counts, rows)).isNotEmpty();
    }
  }

  private static Set<Long> naive(List<Map<Long, Integer>> counts, int[] rows) {
    var constants = new TreeSet<Long>();
    for (int source = 0; source < SOURCES; source++) {
      int of = rows[source];
      counts
          .get(source)
          .forEach(
              (shingle, count) -> {
                if (count >= 20 && count > 0.05 * of) {
                  constants.add(shingle);
                }
              });
    }
    return constants;
  }

  /** Some shingles are in many rows, about 5 % among them, and most in few. */
  private static long[] set(Random random) {
    return random
        .ints(30)
        .mapToLong(_ -> Words.mixed((long) (4_000 * Math.pow(random.nextDouble(), 2.5))))
        .map(hash -> (hash & ~Shingles.COLUMNS) | (hash >>> 62) << 1)
        .distinct()
        .sorted()
        .toArray();
  }
}
