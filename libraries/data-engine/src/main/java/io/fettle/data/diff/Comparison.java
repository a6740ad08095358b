package io.fettle.data.diff;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.diff.DatasetDiff.Move;
import io.fettle.data.diff.DatasetDiff.SourceRows;
import io.fettle.data.version.DatasetManifest.Part;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** Counts equal rows of two datasets by part; then settles what was added, removed and moved. */
final class Comparison {
  private static final int BEFORE = 0;
  private static final int AFTER = 1;

  private final List<String> parts;
  private final CountTable rows;
  private final Map<String, long[]> sources = new TreeMap<>();

  /** By prompt: rows that went, rows that came. */
  private final CountTable leftovers = new CountTable(2);

  private final long[][] moved;
  private long same;
  private long removed;
  private long added;
  private long changed;

  Comparison(DatasetReader before, DatasetReader after) {
    var names = new LinkedHashSet<String>();
    before.manifest().parts().stream().map(Part::name).forEach(names::add);
    after.manifest().parts().stream().map(Part::name).forEach(names::add);
    parts = List.copyOf(names);
    rows = new CountTable(Math.max(1, 2 * parts.size()));
    moved = new long[parts.size()][parts.size()];
  }

  DatasetDiff run(DatasetReader before, DatasetReader after) throws IOException {
    count(before, BEFORE);
    count(after, AFTER);
    rows.forEach(this::settle);
    leftovers.forEach((_, counts) -> changed += Math.min(counts[BEFORE], counts[AFTER]));
    return new DatasetDiff(
        DatasetDiff.Side.of(before),
        DatasetDiff.Side.of(after),
        same,
        added - changed,
        removed - changed,
        changed,
        moves(),
        sources.entrySet().stream()
            .map(
                entry ->
                    new SourceRows(
                        entry.getKey(), entry.getValue()[BEFORE], entry.getValue()[AFTER]))
            .toList(),
        OriginChanges.between(before.manifest().origin(), after.manifest().origin()));
  }

  private void count(DatasetReader dataset, int side) throws IOException {
    for (Part part : dataset.manifest().parts()) {
      int column = side * parts.size() + parts.indexOf(part.name());
      dataset.read(
          part.name(),
          row -> {
            RowKeys keys = RowKeys.of(row);
            rows.add(keys.whole(), keys.prompt(), column, 1);
            sources.computeIfAbsent(row.source(), _ -> new long[2])[side]++;
          });
    }
  }

  /** Equal rows cancel out within a part first, then between parts; the rest came or went. */
  private void settle(Fingerprint prompt, int[] counts) {
    int[] old = Arrays.copyOfRange(counts, 0, parts.size());
    int[] now = Arrays.copyOfRange(counts, parts.size(), 2 * parts.size());
    for (int part = 0; part < parts.size(); part++) {
      same += cancel(old, part, now, part);
    }
    for (int from = 0; from < parts.size(); from++) {
      for (int to = 0; to < parts.size(); to++) {
        moved[from][to] += cancel(old, from, now, to);
      }
    }
    int went = Arrays.stream(old).sum();
    int came = Arrays.stream(now).sum();
    removed += went;
    added += came;
    if (went > 0) {
      leftovers.add(prompt, prompt, BEFORE, went);
    }
    if (came > 0) {
      leftovers.add(prompt, prompt, AFTER, came);
    }
  }

  private static int cancel(int[] old, int from, int[] now, int to) {
    int both = Math.min(old[from], now[to]);
    old[from] -= both;
    now[to] -= both;
    return both;
  }

  private List<Move> moves() {
    List<Move> moves = new ArrayList<>();
    for (int from = 0; from < parts.size(); from++) {
      for (int to = 0; to < parts.size(); to++) {
        if (moved[from][to] > 0) {
          moves.add(new Move(parts.get(from), parts.get(to), moved[from][to]));
        }
      }
    }
    return moves;
  }
}
