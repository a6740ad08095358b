package io.fettle.data.dedup;

import java.util.Arrays;

/**
 * By prefix filtering, which misses no similar pair: with the elements of each set in one order,
 * rare ones first, two sets of n and m elements that are similar by p % share one among their first
 * n - ceil(p n / 100) + 1 and m - ceil(p m / 100) + 1 (Chaudhuri, Ganti and Kaushik 2006, "A
 * primitive operator for similarity joins"). Meant for up to about a million short rows.
 */
final class PrefixIndex implements Index {
  private static final int RARITY_BITS = 20;
  private static final int HASH_BITS = Long.SIZE - 1 - RARITY_BITS;
  private static final int SMALLEST = 10;
  private static final int LARGEST = 26;

  private final ShingleSets sets;
  private final int percent;
  private final int[] counts;

  /** The last posting of each element, plus one; elements that meet here cost a comparison. */
  private final int[] last;

  private final Found rows = new Found();
  private final Found before = new Found();
  private final Candidates candidates;
  private int prefixOf = -1;
  private long[] prefix = {};

  private PrefixIndex(ShingleSets sets, int percent) {
    this.sets = sets;
    this.percent = percent;
    var sizes = new int[sets.count()];
    long elements = 0;
    for (int row = 0; row < sizes.length; row++) {
      sizes[row] = sets.of(row).length;
      elements += sizes[row];
    }
    counts = new int[tableFor(elements)];
    last = new int[tableFor(elements)];
    for (int row = 0; row < sizes.length; row++) {
      for (long element : sets.of(row)) {
        counts[place(element, counts.length)]++;
      }
    }
    candidates = new Candidates(sizes, percent);
  }

  /** Reads every set twice. */
  static PrefixIndex of(ShingleSets sets, int percent) {
    return new PrefixIndex(sets, percent);
  }

  private static int tableFor(long elements) {
    int bits = Long.SIZE - Long.numberOfLeadingZeros(elements);
    return 1 << Math.clamp(bits, SMALLEST, LARGEST);
  }

  private static int place(long element, int length) {
    return (int) (element >>> 3) & length - 1;
  }

  @Override
  public Found candidates(int row) {
    candidates.begin(row);
    for (long element : prefix(row)) {
      int at = last[(int) element & last.length - 1];
      while (at > 0) {
        candidates.consider(rows.get(at - 1));
        at = before.get(at - 1);
      }
    }
    return candidates.found();
  }

  @Override
  public void put(int row) {
    for (long element : prefix(row)) {
      int place = (int) element & last.length - 1;
      rows.add(row);
      before.add(last[place]);
      last[place] = rows.size();
    }
  }

  @Override
  public void clear() {
    Arrays.fill(last, 0);
    rows.clear();
    before.clear();
    candidates.clear();
  }

  /**
   * The rarest elements, each with its rarity above its hash. Those that no other set holds count
   * for the prefix and are left out of it. Two elements that become one here only cost comparisons,
   * since all sets agree on them.
   */
  private long[] prefix(int row) {
    if (row == prefixOf) {
      return prefix;
    }
    var ordered = sets.of(row).clone();
    for (int i = 0; i < ordered.length; i++) {
      long rarity = Math.min(counts[place(ordered[i], counts.length)], (1 << RARITY_BITS) - 1);
      ordered[i] = (rarity << HASH_BITS) | (ordered[i] >>> (Long.SIZE - HASH_BITS));
    }
    Arrays.sort(ordered);
    int end =
        ordered.length == 0 ? 0 : ordered.length - Math.ceilDiv(ordered.length * percent, 100) + 1;
    int start = 0;
    while (start < end && (ordered[start] >>> HASH_BITS) == 1) {
      start++;
    }
    prefix = Arrays.copyOfRange(ordered, start, end);
    prefixOf = row;
    return prefix;
  }
}
