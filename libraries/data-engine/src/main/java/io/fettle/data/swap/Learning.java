package io.fettle.data.swap;

import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Role counts of all rows, by fold of neighbours and by group of batches. */
final class Learning {
  static final int FOLDS = 16;

  private final RoleCounts all = new RoleCounts();
  private final List<RoleCounts> folds = empty();
  private final List<RoleCounts> batches = empty();

  private static List<RoleCounts> empty() {
    return Stream.generate(RoleCounts::new).limit(FOLDS).toList();
  }

  void add(int fold, int batch, Pair pair) {
    all.add(pair);
    folds.get(fold).add(pair);
    batches.get(batch % FOLDS).add(pair);
  }

  /** How many hold rows. */
  int folds() {
    return (int) folds.stream().filter(fold -> fold.rows() > 0).count();
  }

  /** One for each fold and group, learned from the rest. */
  Models models(int batchCount) {
    return new Models(
        folds.stream().limit(folds()).map(all::without).toList(),
        IntStream.range(0, batchCount < 2 ? 0 : Math.min(batchCount, FOLDS))
            .mapToObj(group -> all.without(batches.get(group)))
            .toList());
  }

  record Models(List<RoleCounts.Model> folds, List<RoleCounts.Model> groups) {
    double forwards(int fold, Pair pair) {
      return folds.get(fold).forwards(pair);
    }

    /** 0 where there is no other batch. */
    double byOthers(int batch, Pair pair) {
      return groups.isEmpty() ? 0 : groups.get(batch % FOLDS).forwards(pair);
    }
  }
}
