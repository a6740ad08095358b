package io.fettle.benchmarks.data;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.dedup.NearDuplicates.Kept;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** Near-duplicates: found, lost, and what finding them takes. */
final class DedupRows {
  private static final int BINS = 4;
  private static final int BIN_PERCENT = 100 / (5 * BINS);
  private static final double LEAST = 0.8;

  /** Fewer pairs cannot tell 0.995 from 0.99. */
  private static final int LEAST_PAIRS = 200;

  private static final int CONSTANT_WORDS = 120;
  private static final int DISTINCT_ROWS = 1_000;
  private static final int STATE_ROWS = 10_000_000;

  private final Effort effort;
  private final Planted planted;

  DedupRows(Effort effort, Planted planted) {
    this.effort = effort;
    this.planted = planted;
  }

  private record Pair(int a, int b) {}

  void measure(Consumer<Row> known) throws IOException, InterruptedException {
    var exact = pairs(Method.EXACT);
    var found = pairs(Method.LSH);
    known.accept(recall(exact, found));
    known.accept(precision(found));
    known.accept(lostWrongly());
    known.accept(speed());
    known.accept(memory());
  }

  private Row recall(Map<Pair, Double> exact, Map<Pair, Double> found) {
    var all = new int[BINS];
    var missed = new int[BINS];
    exact.forEach(
        (pair, similarity) -> {
          int bin = Math.min(BINS - 1, (int) ((100 * similarity - 80 + 1e-9) / BIN_PERCENT));
          all[bin]++;
          missed[bin] += found.containsKey(pair) ? 0 : 1;
        });
    double least =
        IntStream.range(0, BINS)
            .filter(bin -> all[bin] >= LEAST_PAIRS)
            .mapToDouble(bin -> 1 - (double) missed[bin] / all[bin])
            .min()
            .orElse(0);
    var bins =
        IntStream.range(0, BINS)
            .mapToObj(bin -> "%d of %d from 0.%d".formatted(missed[bin], all[bin], 80 + 5 * bin))
            .collect(Collectors.joining(", "));
    return Row.measured("near_dup_recall_min_bin", least, "", exact.size())
        .atLeast(0.995)
        .note("missed " + bins + "; rows " + planted.origin());
  }

  private Row precision(Map<Pair, Double> found) {
    long similar =
        found.keySet().stream().filter(pair -> plain(pair.a(), pair.b()) >= LEAST - 1e-9).count();
    return Row.measured("near_dup_precision", (double) similar / found.size(), "", found.size())
        .atLeast(1)
        .note("similarity worked out again from sets of Strings");
  }

  /** Rows that are dropped for no row that stays and is like them. */
  private Row lostWrongly() throws IOException {
    int wrong = 0;
    for (var method : List.of(Method.EXACT, Method.LSH)) {
      var kept = kept(planted.rows(), new Options(80, method, true, Optional.empty(), 0));
      for (int row = 0; row < planted.rows().size(); row++) {
        int dropped = row;
        boolean isRight =
            kept.evidence(row)
                .map(why -> kept.stays(why.kept()) && plain(why.kept(), dropped) >= LEAST - 1e-9)
                .orElse(true);
        wrong += isRight ? 0 : 1;
      }
      wrong += kept(behindAnInstruction(), Options.usual().by(method)).dropped();
    }
    return Row.measured("rows_lost_wrongly", wrong, "", 2 * planted.rows().size())
        .atMost(0)
        .note("by both methods; %d rows behind %d words".formatted(DISTINCT_ROWS, CONSTANT_WORDS));
  }

  private static List<io.fettle.data.row.Row> behindAnInstruction() {
    var instruction =
        IntStream.range(0, CONSTANT_WORDS)
            .mapToObj(i -> "instruction" + i)
            .collect(Collectors.joining(" "));
    var random = new Random(5);
    var rows = new ArrayList<io.fettle.data.row.Row>();
    for (int i = 0; i < DISTINCT_ROWS; i++) {
      var own =
          random.ints(12, 0, 5_000).mapToObj(Integer::toString).collect(Collectors.joining(" "));
      rows.add(Planted.row(i, instruction + " " + own));
    }
    return rows;
  }

  private Row speed() throws InterruptedException {
    var name = "signature_mb_s";
    return effort.isQuick()
        ? Row.skipped(name, "timed; not in --quick")
        : Signatures.row(name, planted, 2).atLeast(400);
  }

  private Row memory() throws IOException, InterruptedException {
    var name = "dedup_peak_gb";
    if (effort.level() != Effort.Level.FULL) {
      return Row.skipped(name, "10 million rows; only in --full");
    }
    var told = DedupState.measured(STATE_ROWS);
    return Row.measured(name, told.residentGigabytes(), "GB", 1)
        .atMost(8)
        .note(
            "%,d rows by LSH in %.0f s, %,d dropped"
                .formatted(STATE_ROWS, told.seconds(), told.dropped()));
  }

  private double plain(int a, int b) {
    return PlainShingles.similarity(planted.rows().get(a), planted.rows().get(b));
  }

  private Map<Pair, Double> pairs(Method method) throws IOException {
    Map<Pair, Double> found = new HashMap<>();
    try (var near = filled(planted.rows(), new Options(80, method, true, Optional.empty(), 0))) {
      near.pairs(
          Column.WHOLE,
          new NearDuplicates.Pairs() {
            @Override
            public boolean matters(int a, int b) {
              return true;
            }

            @Override
            public void similar(int a, int b, double similarity) {
              found.put(new Pair(a, b), similarity);
            }
          });
    }
    return found;
  }

  private static Kept kept(List<io.fettle.data.row.Row> rows, Options options) throws IOException {
    try (var near = filled(rows, options)) {
      return near.kept(Column.WHOLE);
    }
  }

  private static NearDuplicates filled(List<io.fettle.data.row.Row> rows, Options options)
      throws IOException {
    var near = new NearDuplicates(options);
    for (var row : rows) {
      near.add(NearDuplicates.sketch(row));
    }
    return near;
  }
}
