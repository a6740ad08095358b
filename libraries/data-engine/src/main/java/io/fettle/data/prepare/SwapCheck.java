package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.SwapReport;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.swap.Pair;
import io.fettle.data.swap.Swaps;
import io.fettle.data.swap.Swaps.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Looks whether prompts and answers of some rows of the pool are the wrong way round. */
final class SwapCheck {
  private final BitSet pool = new BitSet();
  private final Spool spool;
  private final int threads;

  SwapCheck(List<Entry> rows, Spool spool, int threads) {
    this.spool = spool;
    this.threads = threads;
    rows.stream().filter(row -> !row.inTestSet()).forEach(row -> pool.set(row.place()));
  }

  /**
   * What was found.
   *
   * @throws RefusedRows where a batch reads backwards and that is to stop the preparation
   */
  SwapReport report(boolean stops) throws IOException {
    SwapReport report =
        switch (Swaps.find(this::readSome, this::readAll)) {
          case Finding.Sound sound ->
              new SwapReport(
                  "no batch of %d rows or more reads backwards".formatted(sound.leastRows()),
                  List.of());
          case Finding.CannotTell cannot ->
              new SwapReport("cannot tell: " + cannot.why(), List.of());
          case Finding.Backwards backwards ->
              new SwapReport(
                  "prompts and answers of some rows are the wrong way round",
                  backwards.batches().stream().map(SwapCheck::batch).toList());
        };
    if (stops && !report.batches().isEmpty()) {
      throw new RefusedRows(
          report.batches().stream().map(SwapCheck::sentence).collect(Collectors.joining("; "))
              + "; turn them round, or set data.swapped to report to train on them as they are");
    }
    return report;
  }

  /** Reads a row's text only where the reader asks for it. */
  private void readSome(Swaps.Reader reader) throws IOException {
    spool
        .lines()
        .forEach(
            (place, buffer, from, to) -> {
              if (pool.get(place)) {
                var id = RowJson.id(buffer, from, to);
                reader.row(source(id), id, () -> pair(RowJson.row(buffer, from, to)));
              }
            });
  }

  /** A row as the reader takes it. */
  private record Looked(String source, String id, Pair pair) {}

  private void readAll(Swaps.Reader reader) throws IOException {
    var work =
        new InOrder<List<Looked>>(
            threads,
            looked -> {
              for (var row : looked) {
                reader.row(row.source(), row.id(), row::pair);
              }
            });
    try (work) {
      spool.lines().forEachBlock(block -> work.add(() -> looked(block)));
      work.finish();
    }
  }

  private List<Looked> looked(LineFile.Block block) throws IOException {
    var looked = new ArrayList<Looked>();
    block.forEach(
        (place, buffer, from, to) -> {
          if (pool.get(place)) {
            var row = RowJson.row(buffer, from, to);
            looked.add(new Looked(Swaps.batch("", row), row.id(), pair(row)));
          }
        });
    return looked;
  }

  private static Pair pair(Row row) {
    return Pair.of(row.prompt(), row.response());
  }

  private static String source(String id) {
    return id.substring(0, id.lastIndexOf(':'));
  }

  private static SwapReport.Batch batch(Swaps.Batch batch) {
    return new SwapReport.Batch(
        batch.name(), batch.first(), batch.last(), batch.backwards(), batch.examples());
  }

  private static String sentence(SwapReport.Batch batch) {
    return "rows %d to %d of %s look as if prompt and answer were swapped (%d of them, as %s)"
        .formatted(
            batch.first(),
            batch.last(),
            batch.source(),
            batch.backwards(),
            String.join(", ", batch.examples()));
  }
}
