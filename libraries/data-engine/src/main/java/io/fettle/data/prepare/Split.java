package io.fettle.data.prepare;

import io.fettle.data.dedup.Fingerprint;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Whole clusters to parts. The order in which clusters are dealt comes from the seed and their
 * contents, so neither the order of files nor that of rows moves one. A cluster that would overfill
 * a part goes to the next; train takes the rest.
 */
final class Split {
  private final Map<Integer, Part> partOfPlace = new HashMap<>();
  private final Map<Part, Integer> sizes = new EnumMap<>(Part.class);

  private Split() {}

  static Split of(List<List<Entry>> clusters, Share dev, Share test, long seed) {
    int rows = clusters.stream().mapToInt(List::size).sum();
    Map<Part, Integer> wanted = Map.of(Part.TEST, test.of(rows), Part.DEV, dev.of(rows));
    var split = new Split();
    clusters.stream()
        .map(cluster -> new Dealt(dealingKey(cluster, seed), cluster))
        .sorted(Comparator.comparing(Dealt::key))
        .map(Dealt::cluster)
        .forEach(cluster -> split.put(cluster, split.choose(cluster, wanted)));
    return split;
  }

  private record Dealt(Fingerprint key, List<Entry> cluster) {}

  /** The part of a row that was split. */
  Part part(Entry row) {
    return partOfPlace.getOrDefault(row.place(), Part.TRAIN);
  }

  private Part choose(List<Entry> cluster, Map<Part, Integer> wanted) {
    for (Part part : List.of(Part.TEST, Part.DEV)) {
      if (sizes.getOrDefault(part, 0) + cluster.size() <= wanted.getOrDefault(part, 0)) {
        return part;
      }
    }
    return Part.TRAIN;
  }

  private void put(List<Entry> cluster, Part part) {
    cluster.forEach(row -> partOfPlace.put(row.place(), part));
    sizes.merge(part, cluster.size(), Integer::sum);
  }

  private static Fingerprint dealingKey(List<Entry> cluster, long seed) {
    Fingerprint least =
        cluster.stream().map(Entry::whole).min(Comparator.naturalOrder()).orElseThrow();
    return Fingerprint.of(seed + " " + least);
  }
}
