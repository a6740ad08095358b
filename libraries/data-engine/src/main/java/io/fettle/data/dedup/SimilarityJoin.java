package io.fettle.data.dedup;

import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * Finds every pair of sets with a Jaccard similarity of at least 0.8, exactly: no pair is missed
 * and each is verified.
 *
 * <p>Prefix filtering: with the elements of each set in one global order, rare ones first, two
 * similar sets share an element among their first n - ceil(0.8 n) + 1. Only sets that do are
 * compared. Meant for up to about a million short rows.
 */
final class SimilarityJoin {
  private static final int PERCENT = 80;

  private final int[][] sets;
  private final NearDuplicates.Pairs pairs;
  private final Map<Integer, IntList> prefixes = new HashMap<>();

  private SimilarityJoin(int[][] sets, NearDuplicates.Pairs pairs) {
    this.sets = sets;
    this.pairs = pairs;
  }

  /**
   * Reports the pairs among {@code sets}, by their places in the list; empty sets are similar to
   * nothing.
   */
  static void run(List<long[]> sets, NearDuplicates.Pairs pairs) {
    new SimilarityJoin(ranked(sets), pairs).join();
  }

  private void join() {
    int[] bySize =
        IntStream.range(0, sets.length)
            .boxed()
            .sorted(Comparator.comparingInt((Integer i) -> sets[i].length).thenComparing(i -> i))
            .mapToInt(Integer::intValue)
            .toArray();
    int[] lastSeenBy = new int[sets.length];
    Arrays.fill(lastSeenBy, -1);
    for (int x : bySize) {
      int prefix = sets[x].length - ceilOfThreshold(sets[x].length) + 1;
      for (int i = 0; i < Math.min(prefix, sets[x].length); i++) {
        IntList holders = prefixes.computeIfAbsent(sets[x][i], _ -> new IntList());
        compare(x, holders, lastSeenBy);
        holders.add(x);
      }
    }
  }

  private void compare(int x, IntList holders, int[] lastSeenBy) {
    for (int i = 0; i < holders.size; i++) {
      int y = holders.values[i];
      boolean longEnough = sets[y].length >= ceilOfThreshold(sets[x].length);
      if (lastSeenBy[y] == x || !longEnough) {
        continue;
      }
      lastSeenBy[y] = x;
      if (pairs.matters(x, y) && areSimilar(sets[x], sets[y])) {
        pairs.similar(x, y);
      }
    }
  }

  private static boolean areSimilar(int[] a, int[] b) {
    int shared = 0;
    for (int i = 0, j = 0; i < a.length && j < b.length; ) {
      if (a[i] == b[j]) {
        shared++;
        i++;
        j++;
      } else if (a[i] < b[j]) {
        i++;
      } else {
        j++;
      }
    }
    long union = (long) a.length + b.length - shared;
    return 100L * shared >= PERCENT * union;
  }

  private static int ceilOfThreshold(int size) {
    return Math.ceilDiv(size * PERCENT, 100);
  }

  /** Every element replaced by its place in the global order: rare first, ties by hash. */
  private static int[][] ranked(List<long[]> sets) {
    long[] all = sets.stream().flatMapToLong(Arrays::stream).sorted().toArray();
    long[] elements = Shingles.distinct(all.clone());
    long[] countThenPlace = new long[elements.length];
    for (int i = 0, start = 0; i < elements.length; i++) {
      int end = start;
      while (end < all.length && all[end] == elements[i]) {
        end++;
      }
      countThenPlace[i] = ((long) (end - start) << 32) | i;
      start = end;
    }
    Arrays.sort(countThenPlace);
    int[] rank = new int[elements.length];
    for (int i = 0; i < countThenPlace.length; i++) {
      rank[(int) countThenPlace[i]] = i;
    }
    return sets.stream()
        .map(
            set ->
                Arrays.stream(set)
                    .mapToInt(e -> rank[Arrays.binarySearch(elements, e)])
                    .sorted()
                    .toArray())
        .toArray(int[][]::new);
  }

  /** A growing array of primitives: the index holds one entry for each element of each prefix. */
  private static final class IntList {
    private int[] values = new int[2];
    private int size;

    void add(int value) {
      if (size == values.length) {
        values = Arrays.copyOf(values, 2 * size);
      }
      values[size++] = value;
    }
  }
}
