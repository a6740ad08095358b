package io.fettle.data.dedup;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.function.BiFunction;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {
  private record Pair(int a, int b) {}

  private static final class Pairs implements NearDuplicates.Pairs {
    private final Map<Pair, Double> found = new HashMap<>();

    @Override
    public boolean matters(int a, int b) {
      return true;
    }

    @Override
    public void similar(int a, int b, double similarity) {
      assertThat(found.put(new Pair(a, b), similarity)).as("reported once").isNull();
    }
  }

  private record Sets(List<long[]> all) implements ShingleSets {
    @Override
    public int count() {
      return all.size();
    }

    @Override
    public long[] of(int row) {
      return all.get(row);
    }
  }

  private static Map<Pair, Double> found(
      List<long[]> sets, int percent, BiFunction<ShingleSets, Integer, Index> indexer) {
    var pairs = new Pairs();
    search(sets, percent, indexer, pairs);
    return pairs.found;
  }

  private static void search(
      List<long[]> sets,
      int percent,
      BiFunction<ShingleSets, Integer, Index> indexer,
      NearDuplicates.Pairs pairs) {
    var all = new Sets(sets);
    var prints = new Prints();
    for (int i = 0; i < sets.size(); i++) {
      prints.add(new Fingerprint(i, i), new Fingerprint(i, i));
    }
    var equal = new EqualRows(prints, Column.WHOLE, sets.size());
    new Search(all, equal, indexer.apply(all, percent), percent, pairs).run(_ -> true);
  }

  private static Map<Pair, Double> allWithAll(List<long[]> sets, int percent) {
    var found = new HashMap<Pair, Double>();
    for (int a = 0; a < sets.size(); a++) {
      for (int b = a + 1; b < sets.size(); b++) {
        double similarity = jaccard(sets.get(a), sets.get(b));
        if (similarity >= percent / 100.0) {
          found.put(new Pair(a, b), similarity);
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

  /** A few originals and edits of them, so that every similarity from 0 to 1 occurs. */
  private static List<long[]> edited(Random random, int rows, int longest, long range) {
    var sets = new ArrayList<long[]>();
    for (int row = 0; row < rows; row++) {
      boolean isEdit = row > 0 && random.nextInt(3) > 0;
      var set = isEdit ? sets.get(random.nextInt(row)).clone() : new long[random.nextInt(longest)];
      double share = isEdit ? 0.3 * random.nextDouble() : 1;
      for (int i = 0; i < set.length; i++) {
        long fresh = Words.mixed(random.nextLong(range)) & ~Shingles.COLUMNS;
        set[i] = random.nextDouble() < share ? fresh : set[i];
      }
      sets.add(Arrays.stream(set).distinct().sorted().toArray());
    }
    return sets;
  }

  @ParameterizedTest
  @ValueSource(ints = {50, 67, 80, 93, 100})
  void the_exact_search_finds_what_comparing_all_with_all_finds(int percent) {
    for (int seed = 0; seed < 20; seed++) {
      var sets = edited(new Random(seed), 120, 40, 300);

      assertThat(found(sets, percent, PrefixIndex::of))
          .as("seed %d", seed)
          .isEqualTo(allWithAll(sets, percent));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {60, 80, 90})
  void lsh_misses_fewer_than_one_pair_in_two_hundred_and_finds_no_other(int percent) {
    var sets = edited(new Random(5), 4_000, 120, Long.MAX_VALUE);
    var exact = found(sets, percent, PrefixIndex::of);
    var found = found(sets, percent, BandIndex::of);

    assertThat(exact).hasSizeGreaterThan(800).containsAllEntriesOf(found);
    assertThat((double) found.size() / exact.size()).isGreaterThan(0.995);
  }

  @Test
  void the_bound_itself_counts_as_similar() {
    assertThat(
            found(sets(new long[] {1, 2, 3, 4}, new long[] {1, 2, 3, 4, 5}), 80, PrefixIndex::of))
        .containsExactly(Map.entry(new Pair(0, 1), 0.8));
    assertThat(found(sets(new long[] {1, 2, 3}, new long[] {1, 2, 3, 4}), 80, PrefixIndex::of))
        .isEmpty();
  }

  @Test
  void empty_sets_are_similar_to_nothing() {
    assertThat(found(sets(new long[0], new long[0], new long[] {1}), 80, PrefixIndex::of))
        .isEmpty();
    assertThat(found(sets(new long[0], new long[0], new long[] {1}), 80, BandIndex::of)).isEmpty();
  }

  @Test
  void what_does_not_matter_is_never_compared() {
    var same = sets(new long[] {1, 2, 3}, new long[] {1, 2, 3});
    search(
        same,
        80,
        BandIndex::of,
        new NearDuplicates.Pairs() {
          @Override
          public boolean matters(int a, int b) {
            return false;
          }

          @Override
          public void similar(int a, int b, double similarity) {
            throw new AssertionError();
          }
        });
  }

  @Test
  void the_keys_of_each_bound_promise_a_recall_of_995_in_a_thousand_and_more_above_it() {
    assertThat(Bands.at(80)).isEqualTo(new Bands(21, 6));
    for (int percent = 50; percent <= 100; percent++) {
      var bands = Bands.at(percent);

      assertThat(bands.count() * bands.width()).as("%d %%", percent).isBetween(1, 128);
      assertThat(bands.recall(percent / 100.0)).as("%d %%", percent).isGreaterThan(0.995);
      assertThat(bands.recall(percent / 100.0 - 0.3)).as("%d %%", percent).isLessThan(0.75);
    }
  }

  private static List<long[]> sets(long[]... sets) {
    return Arrays.stream(sets)
        .map(set -> Arrays.stream(set).map(each -> each << 32).sorted().toArray())
        .toList();
  }
}
