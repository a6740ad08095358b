package io.fettle.data.dedup;

import java.util.Arrays;
import java.util.stream.IntStream;

/**
 * By {@link MinHash} keys: misses one similar pair in some hundreds, at the bound of similarity.
 * Memory holds 12 bytes a row and key, and no set.
 */
final class BandIndex implements Index {
  private static final int BLOCK = 1 << 12;
  private static final int ALONE = -1;

  private final int bands;
  private final int[] sizes;

  /**
   * Of each row and band: which rows share the key, named by the first place of the sorted keys.
   */
  private final int[] buckets;

  /** The last row put into a bucket, plus one, by band and bucket. */
  private final int[] last;

  /** The one put there before it, plus one, by row and band. */
  private final int[] before;

  private final Candidates candidates;

  private BandIndex(ShingleSets sets, int percent) {
    var shape = Bands.at(percent);
    this.bands = shape.count();
    int rows = sets.count();
    int keys = Math.multiplyExact(rows, bands);
    sizes = new int[rows];
    buckets = new int[keys];
    hash(sets, shape);
    bucket(rows);
    last = new int[keys];
    before = new int[keys];
    candidates = new Candidates(sizes, percent);
  }

  /** Reads every set once, on all processors. */
  static BandIndex of(ShingleSets sets, int percent) {
    return new BandIndex(sets, percent);
  }

  private void hash(ShingleSets sets, Bands shape) {
    int rows = sets.count();
    IntStream.range(0, Math.ceilDiv(rows, BLOCK))
        .parallel()
        .forEach(
            block -> {
              var hash = new MinHash(shape, buckets);
              int end = (int) Math.min(rows, (block + 1L) * BLOCK);
              for (int row = block * BLOCK; row < end; row++) {
                var set = sets.of(row);
                sizes[row] = set.length;
                if (set.length > 0) {
                  hash.add(row, set, set.length);
                }
              }
            });
  }

  /** Puts the buckets' names where their keys were. */
  private void bucket(int rows) {
    var keyed = new long[rows];
    for (int band = 0; band < bands; band++) {
      int count = 0;
      for (int row = 0; row < rows; row++) {
        int at = row * bands + band;
        if (sizes[row] > 0) {
          keyed[count++] = (long) buckets[at] << 32 | row;
        }
        buckets[at] = ALONE;
      }
      Arrays.parallelSort(keyed, 0, count);
      name(keyed, count, band);
    }
  }

  private void name(long[] keyed, int count, int band) {
    int start = 0;
    for (int end = 1; end <= count; end++) {
      if (end < count && keyed[end] >> 32 == keyed[start] >> 32) {
        continue;
      }
      for (int i = start; end - start > 1 && i < end; i++) {
        buckets[(int) keyed[i] * bands + band] = start;
      }
      start = end;
    }
  }

  @Override
  public Found candidates(int row) {
    candidates.begin(row);
    for (int band = 0; band < bands; band++) {
      int bucket = buckets[row * bands + band];
      if (bucket == ALONE) {
        continue;
      }
      int at = last[bucket * bands + band];
      while (at > 0) {
        candidates.consider(at - 1);
        at = before[(at - 1) * bands + band];
      }
    }
    return candidates.found();
  }

  @Override
  public void put(int row) {
    for (int band = 0; band < bands; band++) {
      int at = row * bands + band;
      if (buckets[at] != ALONE) {
        int bucket = buckets[at] * bands + band;
        before[at] = last[bucket];
        last[bucket] = row + 1;
      }
    }
  }

  @Override
  public void clear() {
    Arrays.fill(last, 0);
    Arrays.fill(before, 0);
    candidates.clear();
  }
}
