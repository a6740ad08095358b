package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Pairs;
import java.util.function.IntPredicate;

/** Reports every pair that an index finds and that is similar indeed. */
final class Search {
  private final ShingleSets sets;
  private final EqualRows equal;
  private final Index index;
  private final int percent;
  private final Pairs pairs;

  /**
   * A search.
   *
   * @param equal where rows of empty sets are looked up, which are similar to none but their equals
   */
  Search(ShingleSets sets, EqualRows equal, Index index, int percent, Pairs pairs) {
    this.sets = sets;
    this.equal = equal;
    this.index = index;
    this.percent = percent;
    this.pairs = pairs;
  }

  /** Reports the pairs among these rows, by their places. */
  void run(IntPredicate among) {
    for (int row = 0; row < sets.count(); row++) {
      if (among.test(row)) {
        take(row);
      }
    }
  }

  private void take(int row) {
    var set = sets.of(row);
    if (set.length > 0) {
      compare(row, set);
      index.put(row);
    } else {
      compareExactly(row);
      equal.put(row);
    }
  }

  private void compare(int row, long[] set) {
    var candidates = index.candidates(row);
    for (int i = 0; i < candidates.size(); i++) {
      int other = candidates.get(i);
      if (pairs.matters(other, row)) {
        double similarity = ShingleSets.similarity(set, sets.of(other), percent);
        if (similarity >= 0) {
          pairs.similar(other, row, similarity);
        }
      }
    }
  }

  private void compareExactly(int row) {
    for (int other = equal.last(row); other >= 0; other = equal.before(other)) {
      if (pairs.matters(other, row)) {
        pairs.similar(other, row, 1);
      }
    }
  }
}
