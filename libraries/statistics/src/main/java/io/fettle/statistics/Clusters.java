package io.fettle.statistics;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which items belong together: those of one customer, document or conversation. Items of a cluster
 * resemble each other, so that the clusters, and not the items, are what was drawn independently.
 */
public final class Clusters {
  private final int[] ofItem;
  private final int[] sizes;

  private Clusters(int[] ofItem, int count) {
    this.ofItem = ofItem;
    this.sizes = new int[count];
    for (int cluster : ofItem) {
      sizes[cluster]++;
    }
  }

  /**
   * Every item for itself.
   *
   * @throws IllegalArgumentException where there are no items
   */
  public static Clusters none(int items) {
    int[] own = new int[Math.max(items, 0)];
    Arrays.setAll(own, item -> item);
    return new Clusters(filled(own), items);
  }

  /**
   * By the items' cluster names.
   *
   * @param names one an item; numbers, or whatever else is equal within a cluster and only there
   * @throws IllegalArgumentException where there are no items
   */
  public static Clusters named(List<?> names) {
    Map<Object, Integer> numbers = new HashMap<>();
    int[] ofItem = new int[names.size()];
    for (int item = 0; item < ofItem.length; item++) {
      ofItem[item] = numbers.computeIfAbsent(names.get(item), _ -> numbers.size());
    }
    return new Clusters(filled(ofItem), numbers.size());
  }

  /** The same by numbers, one an item. */
  public static Clusters of(int... numbers) {
    return named(Arrays.stream(numbers).boxed().toList());
  }

  private static int[] filled(int[] ofItem) {
    if (ofItem.length == 0) {
      throw new IllegalArgumentException("no items; needs at least one");
    }
    return ofItem;
  }

  /** How many items there are. */
  public int items() {
    return ofItem.length;
  }

  /** How many clusters there are; the number of items where each is for itself. */
  public int count() {
    return sizes.length;
  }

  /** Whether no two items belong together. */
  public boolean areItems() {
    return sizes.length == ofItem.length;
  }

  int of(int item) {
    return ofItem[item];
  }

  /** The number of items of each cluster. */
  int[] sizes() {
    return sizes.clone();
  }

  /** The items of each cluster, ascending. */
  int[][] members() {
    int[][] members = new int[sizes.length][];
    int[] filled = new int[sizes.length];
    Arrays.setAll(members, cluster -> new int[sizes[cluster]]);
    for (int item = 0; item < ofItem.length; item++) {
      int cluster = ofItem[item];
      members[cluster][filled[cluster]++] = item;
    }
    return members;
  }

  /** The sum over each cluster. */
  double[] sums(double[] values) {
    if (values.length != ofItem.length) {
      throw new IllegalArgumentException(
          "%d values for %d items; needs one an item".formatted(values.length, ofItem.length));
    }
    double[] sums = new double[sizes.length];
    for (int item = 0; item < values.length; item++) {
      sums[ofItem[item]] += values[item];
    }
    return sums;
  }
}
