package io.fettle.data.dedup;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a set of shingles has in common with others, in a few keys, each made of several MinHash
 * values (Broder 1997, "On the resemblance and containment of documents"; banding by Indyk and
 * Motwani 1998). For one thread.
 */
final class MinHash {
  private static final int VALUES = Bands.MOST_VALUES;
  private static final int AT_ONCE = 8;
  private static final long SEED = 0x5EED_0F_F1E1D5L;
  private static final int PRIME = 0x9E37_79B1;

  private static final int[] FACTORS = new int[VALUES];

  static {
    var random = new SplittableRandom(SEED); // the same in each JVM: keys may be kept
    for (int i = 0; i < VALUES; i++) {
      FACTORS[i] = random.nextInt() | 1;
    }
  }

  private final Bands bands;
  private final int[] keys;
  private final int[] values = new int[VALUES];
  private final int[] few = new int[AT_ONCE];

  /**
   * @param keys where they are written: a row's from its number times {@code bands.count()} on
   */
  MinHash(Bands bands, int[] keys) {
    this.bands = bands;
    this.keys = keys;
  }

  /**
   * Writes the keys of a row.
   *
   * @param set of which the first {@code size} elements count, at least one; order and repeats make
   *     no difference
   */
  void add(int row, long[] set, int size) {
    Arrays.fill(values, Integer.MAX_VALUE);
    int next = 0;
    for (; next + AT_ONCE <= size; next += AT_ONCE) {
      take(set, next);
    }
    if (next < size) {
      takeRest(set, next, size);
    }
    for (int band = 0; band < bands.count(); band++) {
      keys[row * bands.count() + band] = key(band * bands.width());
    }
  }

  private static int folded(long shingle) {
    return (int) (shingle ^ shingle >>> 32);
  }

  /** The last is taken as often as it needs. */
  private void takeRest(long[] shingles, int from, int to) {
    for (int i = 0; i < AT_ONCE; i++) {
      few[i] = folded(shingles[Math.min(from + i, to - 1)]);
    }
    take(few[0], few[1], few[2], few[3], few[4], few[5], few[6], few[7]);
  }

  private void take(long[] shingles, int at) {
    take(
        folded(shingles[at]),
        folded(shingles[at + 1]),
        folded(shingles[at + 2]),
        folded(shingles[at + 3]),
        folded(shingles[at + 4]),
        folded(shingles[at + 5]),
        folded(shingles[at + 6]),
        folded(shingles[at + 7]));
  }

  /**
   * The least of each map over what was taken, signed: any order of the values does. A map is a
   * product with an odd number, which gives each of 2^32 numbers another one; shingles are hashes,
   * so that nothing needs to be added. Eight at once: the values are read and written once for all
   * of them.
   */
  private void take(int a, int b, int c, int d, int e, int f, int g, int h) {
    var into = values;
    for (int i = 0; i < VALUES; i++) {
      int by = FACTORS[i];
      int first = Math.min(by * a, by * b);
      int second = Math.min(by * c, by * d);
      int third = Math.min(by * e, by * f);
      int fourth = Math.min(by * g, by * h);
      into[i] = Math.min(into[i], Math.min(Math.min(first, second), Math.min(third, fourth)));
    }
  }

  private int key(int from) {
    int key = 1;
    for (int i = from; i < from + bands.width(); i++) {
      key = (key ^ values[i]) * PRIME;
      key ^= key >>> 15;
    }
    return key;
  }
}
