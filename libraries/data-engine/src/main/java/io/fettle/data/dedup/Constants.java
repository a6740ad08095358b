package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Column;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntUnaryOperator;

/**
 * The shingles that say nothing about a row, because many rows of its source hold them: an
 * instruction put before every question, a label's name. A shingle counts as constant in more than
 * 5 % of a source's rows, and in 20 rows at least.
 *
 * <p>Estimated while the rows come, which leaves few candidates; those are counted exactly when the
 * sets are read again.
 */
final class Constants {
  static final int MIN_ROWS = 20;
  private static final int ONE_ROW_IN = 20;

  private final List<OfSource> sources = new ArrayList<>();

  private static final class OfSource {
    private final Frequencies frequencies = new Frequencies();
    private final ShingleCounts exact = new ShingleCounts();
    private int rows;

    private int bound() {
      return Math.max(MIN_ROWS, rows / ONE_ROW_IN + 1);
    }
  }

  /** Takes a row's set; sources are numbered from 0 in the order of their first rows. */
  void add(long[] set, int source) {
    if (source == sources.size()) {
      sources.add(new OfSource());
    }
    var of = sources.get(source);
    of.rows++;
    for (long shingle : set) {
      if ((shingle & Column.WHOLE.bit()) != 0) {
        of.frequencies.add(shingle, of.rows);
      }
    }
  }

  /** The constants of any source; {@code sourceOf} answers for the rows of {@code sets}. */
  ShingleCounts of(ShingleSets sets, IntUnaryOperator sourceOf) {
    var constants = new ShingleCounts();
    if (sources.stream().noneMatch(of -> of.frequencies.most() >= of.bound())) {
      return constants;
    }
    for (int row = 0; row < sets.count(); row++) {
      count(sets.of(row), sources.get(sourceOf.applyAsInt(row)));
    }
    for (var of : sources) {
      of.exact.forEach(
          (shingle, count) -> {
            if (count >= of.bound() && !constants.contains(shingle)) {
              constants.add(shingle);
            }
          });
    }
    return constants;
  }

  private static void count(long[] set, OfSource of) {
    int bound = of.bound();
    for (long shingle : set) {
      if ((shingle & Column.WHOLE.bit()) != 0 && of.frequencies.atMost(shingle) >= bound) {
        of.exact.add(shingle & ~Shingles.COLUMNS);
      }
    }
  }

  /**
   * How many sets hold a shingle, at most: a count-min sketch of one row (Cormode and Muthukrishnan
   * 2005) that grows with what it counts, first to what a processor's cache holds, and takes 16 MB
   * in the end. Never too low.
   */
  private static final class Frequencies {
    private static final int SMALLEST = 1 << 10;
    private static final int CACHED = 1 << 18;
    private static final int LARGEST = 1 << 22;

    /** A place must not come near a constant by what others put there. */
    private static final int FAR_BELOW = 4 * ONE_ROW_IN;

    private int[] counts = new int[SMALLEST];
    private long added;
    private int most;

    void add(long shingle, int rows) {
      if (added++ > counts.length && counts.length < LARGEST && isSmall(rows)) {
        grow();
      }
      int count = ++counts[place(shingle)];
      most = Math.max(most, count);
    }

    private boolean isSmall(int rows) {
      return counts.length < CACHED || added / counts.length > rows / FAR_BELOW;
    }

    int atMost(long shingle) {
      return counts[place(shingle)];
    }

    /** No shingle was added more often. */
    int most() {
      return most;
    }

    private int place(long shingle) {
      return (int) (shingle >>> 3) & counts.length - 1;
    }

    /** Either half of the larger table may have been meant, so both take over what was counted. */
    private void grow() {
      int half = counts.length;
      counts = Arrays.copyOf(counts, 2 * half);
      System.arraycopy(counts, 0, counts, half, half);
    }
  }
}
