package io.fettle.benchmarks.gate;

import io.fettle.statistics.Clusters;
import java.util.Locale;
import java.util.SplittableRandom;

/**
 * A gate on the boundary of its hypothesis: the true difference is the margin.
 *
 * @param clusters as many as items where each is for itself
 * @param likeness the correlation of two items of a cluster: of their differences where clusters
 *     are even, of normal variables behind these where they are uneven
 * @param uneven whether the largest cluster has seven times the items of the smallest, and rates of
 *     clusters are drawn; else clusters are even, and items are drawn by Polya's urn
 * @param discordance the share of items that differ
 * @param margin and the true difference
 */
record Cell(
    int items, int clusters, double likeness, boolean uneven, double discordance, double margin) {

  boolean isClustered() {
    return clusters < items;
  }

  /** The chance that the first arm alone has an item right. */
  double plus() {
    return (discordance + margin) / 2;
  }

  double minus() {
    return (discordance - margin) / 2;
  }

  int[] sizes() {
    int[] sizes = new int[clusters];
    double whole = 0;
    for (int cluster = 0; cluster < clusters; cluster++) {
      double end = whole + (uneven ? 0.25 + 1.5 * cluster / (clusters - 1) : 1);
      sizes[cluster] = place(end) - place(whole);
      whole = end;
    }
    return sizes;
  }

  private int place(double share) {
    return (int) Math.round(share * items / clusters);
  }

  Clusters asClusters() {
    if (!isClustered()) {
      return Clusters.none(items);
    }
    int[] numbers = new int[items];
    int item = 0;
    int[] sizes = sizes();
    for (int cluster = 0; cluster < clusters; cluster++) {
      for (int i = 0; i < sizes[cluster]; i++) {
        numbers[item++] = cluster;
      }
    }
    return Clusters.of(numbers);
  }

  /** The marks of both arms; only how they differ matters. */
  void draw(SplittableRandom random, Rates rates, double[] first, double[] second) {
    double fresh = (1 - likeness) / likeness;
    int start = 0;
    for (int size : rates.sizes()) {
      int rate = uneven ? rates.draw(random) : -1;
      double win = rate < 0 ? plus() : rates.plus(rate);
      double differ = win + (rate < 0 ? minus() : rates.minus(rate));
      for (int i = 0; i < size; i++) {
        int item = start + i;
        if (!uneven && i > 0 && random.nextDouble() * (fresh + i) < i) {
          int earlier = start + random.nextInt(i);
          first[item] = first[earlier];
          second[item] = second[earlier];
        } else {
          double drawn = random.nextDouble();
          first[item] = drawn < win ? 1 : 0;
          second[item] = drawn >= win && drawn < differ ? 1 : 0;
        }
      }
      start += size;
    }
  }

  @Override
  public String toString() {
    String set =
        isClustered()
            ? "%d items in %d %s clusters of likeness %s"
                .formatted(items, clusters, uneven ? "uneven" : "even", likeness)
            : "%d items".formatted(items);
    return String.format(
        Locale.ROOT, "%s, %s %% differ, margin %+.2f", set, Math.round(discordance * 100), margin);
  }
}
