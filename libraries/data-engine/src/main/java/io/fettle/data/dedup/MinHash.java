package io.fettle.data.dedup;

import java.util.Arrays;
import java.util.SplittableRandom;

/**
 * What a set of shingles has in common with others, in a few keys, each made of several MinHash
 * values (Broder 1997, "On the resemblance and containment of documents"; banding by Indyk and
 * Motwani 1998). Many sets are hashed side by side: sets are short, and a loop over one of them is
 * over before it is fast. For one thread.
 */
final class MinHash {
  private static final int AT_ONCE = 1 << 10;

  private static final int VALUES = Bands.MOST_VALUES;

  /** Elements of a set that are taken at once. */
  private static final int STEPS = 4;

  private static final long SEED = 0x5EED_0F_F1E1D5L;
  private static final int PRIME = 0x9E37_79B1;

  private static final int[] FACTORS = new int[VALUES];
  private static final int[] ONES = new int[AT_ONCE];

  static {
    Arrays.fill(ONES, 1);
    var random = new SplittableRandom(SEED); // the same in each JVM: keys may be kept
    for (int i = 0; i < VALUES; i++) {
      FACTORS[i] = random.nextInt() | 1;
    }
  }

  private final Bands bands;
  private final int[] keys;
  private final int[] rows = new int[AT_ONCE];
  private final int[][] least = new int[VALUES][AT_ONCE];
  private final int[] ends = new int[AT_ONCE + 1];
  private int count;

  /** The sets one after the other. */
  private int[] shingles = new int[1 << 14];

  /**
   * @param keys where they are written: a row's from its number times {@code bands.count()} on
   */
  MinHash(Bands bands, int[] keys) {
    this.bands = bands;
    this.keys = keys;
  }

  /**
   * Takes a row's set; its keys are there after {@link #finish}.
   *
   * @param set of which the first {@code size} elements count, at least one; order and repeats make
   *     no difference
   */
  void add(int row, long[] set, int size) {
    if (count == AT_ONCE) {
      finish();
    }
    int end = ends[count];
    if (shingles.length < end + size) {
      shingles = Arrays.copyOf(shingles, Math.max(end + size, 2 * shingles.length));
    }
    for (int i = 0; i < size; i++) {
      shingles[end + i] = (int) (set[i] ^ (set[i] >>> 32));
    }
    rows[count] = row;
    ends[++count] = end + size;
  }

  /** Writes the keys of all rows so far. */
  void finish() {
    int[] order = longestFirst();
    int[][] across = across(order);
    for (int value = 0; value < bands.count() * bands.width(); value++) {
      hash(value, across);
    }
    for (int band = 0; band < bands.count(); band++) {
      combine(band);
    }
    for (int i = 0; i < count; i++) {
      int to = rows[order[i]] * bands.count();
      for (int band = 0; band < bands.count(); band++) {
        keys[to + band] = least[band * bands.width()][i];
      }
    }
    count = 0;
  }

  private int size(int set) {
    return ends[set + 1] - ends[set];
  }

  private int[] longestFirst() {
    var sorted = new long[count];
    for (int i = 0; i < count; i++) {
      sorted[i] = ((long) -size(i) << 32) | i;
    }
    Arrays.sort(sorted);
    return Arrays.stream(sorted).mapToInt(each -> (int) each).toArray();
  }

  /**
   * The first elements of all sets as one array, the second ones as another, and so on, four of a
   * set at a time; the last of a set is taken as often as that needs.
   */
  private int[][] across(int[] order) {
    var across = new int[count == 0 ? 0 : STEPS * Math.ceilDiv(size(order[0]), STEPS)][];
    int width = count;
    for (int step = 0; step < across.length; step++) {
      while (step % STEPS == 0 && size(order[width - 1]) <= step) {
        width--;
      }
      across[step] = new int[width];
      for (int i = 0; i < width; i++) {
        int set = order[i];
        across[step][i] = shingles[ends[set] + Math.min(step, size(set) - 1)];
      }
    }
    return across;
  }

  private void hash(int value, int[][] across) {
    Arrays.fill(least[value], 0, count, Integer.MAX_VALUE);
    for (int i = 0; i < across.length; i += STEPS) {
      take(across[i], across[i + 1], across[i + 2], across[i + 3], FACTORS[value], least[value]);
    }
  }

  /**
   * The least of the map over what was taken, signed: any order of the values does. A map is a
   * product with an odd number, which gives each of 2^32 numbers another one; shingles are hashes,
   * so that nothing needs to be added. C2 makes vectors of it only as long as every array is read
   * from its start.
   */
  private static void take(
      int[] first, int[] second, int[] third, int[] fourth, int by, int[] into) {
    for (int i = 0; i < first.length; i++) {
      int two = Math.min(by * first[i], by * second[i]);
      int more = Math.min(by * third[i], by * fourth[i]);
      into[i] = Math.min(into[i], Math.min(two, more));
    }
  }

  /** Turns the values of a band into its keys, which stand where its first values stood. */
  private void combine(int band) {
    int first = band * bands.width();
    for (int i = 0; i < bands.width(); i++) {
      combine(i == 0 ? ONES : least[first], least[first + i], least[first]);
    }
  }

  private static void combine(int[] keys, int[] values, int[] into) {
    for (int i = 0; i < AT_ONCE; i++) {
      int key = (keys[i] ^ values[i]) * PRIME;
      into[i] = key ^ (key >>> 15);
    }
  }
}
