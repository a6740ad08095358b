package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class SimilarityJoinTest {
  @Test
  void finds_exactly_the_pairs_that_comparing_all_with_all_finds() {
    for (int seed = 0; seed < 60; seed++) {
      List<long[]> sets = sets(new Random(seed));

      assertThat(joined(sets)).as("seed %d", seed).isEqualTo(allWithAll(sets));
    }
  }

  @Test
  void the_bound_itself_counts_as_similar() {
    assertThat(joined(List.of(new long[] {1, 2, 3, 4}, new long[] {1, 2, 3, 4, 5})))
        .containsExactly("0-1");
    assertThat(joined(List.of(new long[] {1, 2, 3}, new long[] {1, 2, 3, 4}))).isEmpty();
  }

  @Test
  void empty_sets_are_similar_to_nothing() {
    assertThat(joined(List.of(new long[0], new long[0], new long[] {1}))).isEmpty();
  }

  /** A few originals and edits of them, so that every similarity from 0 to 1 occurs. */
  private static List<long[]> sets(Random random) {
    List<long[]> sets = new ArrayList<>();
    for (int i = 0; i < 120; i++) {
      if (i % 4 == 0) {
        sets.add(Shingles.distinct(random.longs(1 + random.nextInt(40), 0, 300).toArray()));
      } else {
        long[] edited = sets.get(sets.size() - 1 - random.nextInt(i % 4)).clone();
        for (int edits = random.nextInt(1 + edited.length / 3); edits > 0; edits--) {
          edited[random.nextInt(edited.length)] = random.nextLong(300);
        }
        sets.add(Shingles.distinct(edited));
      }
    }
    return sets;
  }

  private static Set<String> joined(List<long[]> sets) {
    Set<String> found = new TreeSet<>();
    SimilarityJoin.run(
        sets,
        new NearDuplicates.Pairs() {
          @Override
          public boolean matters(int a, int b) {
            return true;
          }

          @Override
          public void similar(int a, int b) {
            assertThat(found.add(name(a, b))).as("reported once").isTrue();
          }
        });
    return found;
  }

  private static Set<String> allWithAll(List<long[]> sets) {
    Set<String> found = new TreeSet<>();
    for (int a = 0; a < sets.size(); a++) {
      for (int b = a + 1; b < sets.size(); b++) {
        if (jaccard(sets.get(a), sets.get(b)) >= 0.8) {
          found.add(name(a, b));
        }
      }
    }
    return found;
  }

  private static double jaccard(long[] a, long[] b) {
    Set<Long> union = Arrays.stream(a).boxed().collect(Collectors.toSet());
    long shared = Arrays.stream(b).filter(union::contains).count();
    Arrays.stream(b).forEach(union::add);
    return (double) shared / union.size();
  }

  private static String name(int a, int b) {
    return Math.min(a, b) + "-" + Math.max(a, b);
  }
}
