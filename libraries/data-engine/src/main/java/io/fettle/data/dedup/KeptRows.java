package io.fettle.data.dedup;

import io.fettle.data.dedup.NearDuplicates.Kept;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.IntPredicate;

/** In arrays: 8 bytes a row, and 4 for the clusters. */
final class KeptRows implements Kept {
  static final int STAYS = -1;

  private static final int LARGEST = 3;

  private final int[] keptFor;
  private final float[] similarity;
  private final Clusters conflicts;
  private final BitSet inConflict;
  private final Sources sources;
  private final IntPredicate among;

  /** The rows that were looked at, and whose they are. */
  record Looked(Sources sources, IntPredicate among) {}

  KeptRows(
      int[] keptFor, float[] similarity, Clusters conflicts, BitSet inConflict, Looked looked) {
    this.keptFor = keptFor;
    this.similarity = similarity;
    this.conflicts = conflicts;
    this.inConflict = inConflict;
    this.sources = looked.sources();
    this.among = looked.among();
  }

  @Override
  public boolean stays(int row) {
    return keptFor[row] == STAYS;
  }

  @Override
  public Optional<Evidence> evidence(int row) {
    return stays(row) ? Optional.empty() : Optional.of(new Evidence(keptFor[row], similarity[row]));
  }

  @Override
  public int dropped() {
    return (int) Arrays.stream(keptFor).filter(kept -> kept != STAYS).count();
  }

  @Override
  public int conflicts() {
    return inConflict.cardinality();
  }

  @Override
  public boolean isInConflict(int row) {
    return inConflict.get(row);
  }

  @Override
  public Clusters conflictClusters() {
    return conflicts;
  }

  @Override
  public List<Loss> losses() {
    var names = sources.names();
    var rows = new int[names.size()];
    var dropped = new long[dropped()]; // the source above the row that stays
    int count = 0;
    for (int row = 0; row < keptFor.length; row++) {
      rows[sources.of(row)] += among.test(row) ? 1 : 0;
      if (!stays(row)) {
        dropped[count++] = (long) sources.of(row) << 32 | keptFor[row];
      }
    }
    Arrays.sort(dropped);
    var losses = new ArrayList<Loss>();
    int from = 0;
    for (int source = 0; source < rows.length; source++) {
      int to = from;
      while (to < count && dropped[to] >> 32 == source) {
        to++;
      }
      losses.add(new Loss(names.get(source), rows[source], to - from, largest(dropped, from, to)));
      from = to;
    }
    return losses;
  }

  private static List<Cluster> largest(long[] dropped, int from, int to) {
    var largest = new ArrayList<Cluster>();
    int start = from;
    for (int end = from + 1; end <= to; end++) {
      if (end < to && dropped[end] == dropped[start]) {
        continue;
      }
      largest.add(new Cluster((int) dropped[start], end - start));
      largest.sort(Comparator.comparingInt(Cluster::dropped).reversed());
      if (largest.size() > LARGEST) {
        largest.removeLast();
      }
      start = end;
    }
    return largest;
  }
}
