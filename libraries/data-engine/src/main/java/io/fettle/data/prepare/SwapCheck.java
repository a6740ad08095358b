package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.SwapReport;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.swap.Pair;
import io.fettle.data.swap.Swaps;
import io.fettle.data.swap.Swaps.Finding;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * Looks whether prompts and answers of some rows of the pool are the wrong way round: batch by
 * batch where rows declare batches, and file by file.
 */
final class SwapCheck {
  /** Of a batch's name: it is a field of the rows. */
  private static final int LETTERS = 64;

  private final BitSet pool = new BitSet();
  private final String[] batches;
  private final Set<String> declared;
  private final Spool spool;
  private final int threads;

  SwapCheck(List<Entry> rows, Spool spool, int threads) {
    this.spool = spool;
    this.threads = threads;
    List<Entry> looked = rows.stream().filter(row -> !row.inTestSet()).toList();
    looked.forEach(row -> pool.set(row.place()));
    declared =
        looked.stream()
            .map(Entry::batch)
            .filter(batch -> !batch.isEmpty())
            .collect(Collectors.toSet());
    batches = new String[declared.isEmpty() ? 0 : pool.length()];
    Arrays.fill(batches, "");
    if (!declared.isEmpty()) {
      looked.forEach(row -> batches[row.place()] = row.batch());
    }
  }

  /**
   * What was found.
   *
   * @throws RefusedRows where a batch reads backwards and that is to stop the preparation
   */
  SwapReport report(boolean stops) throws IOException {
    SwapReport report = report();
    if (stops && !report.batches().isEmpty()) {
      throw new RefusedRows(
          report.batches().stream()
                  .map(SwapReport.Batch::sentence)
                  .collect(Collectors.joining("; "))
              + "; turn them round, or set data.swapped to report to train on them as they are");
    }
    return report;
  }

  /**
   * Who turned rows need not have kept to a batch, so what is sound by batches is looked at again.
   */
  private SwapReport report() throws IOException {
    if (declared.isEmpty()) {
      return look(false);
    }
    SwapReport byBatch = look(true);
    SwapReport byFile = byBatch.batches().isEmpty() ? look(false) : byBatch;
    return byFile.batches().isEmpty() ? byBatch : byFile;
  }

  private SwapReport look(boolean byBatch) throws IOException {
    Finding finding =
        Swaps.find(
            reader -> readSome(reader, byBatch),
            reader -> readAll(reader, byBatch),
            byBatch ? Swaps.Order.SCATTERED : Swaps.Order.ON_END);
    return switch (finding) {
      case Finding.Sound sound ->
          new SwapReport(
              "no batch of %d rows or more reads backwards".formatted(sound.leastRows()),
              List.of());
      case Finding.CannotTell cannot -> new SwapReport("cannot tell: " + cannot.why(), List.of());
      case Finding.Backwards backwards ->
          new SwapReport(
              "prompts and answers of some rows are the wrong way round",
              backwards.batches().stream()
                  .map(batch -> batch(batch, byBatch && declared.contains(batch.name())))
                  .toList());
    };
  }

  /** Reads a row's text only where the reader asks for it. */
  private void readSome(Swaps.Reader reader, boolean byBatch) throws IOException {
    spool
        .lines()
        .forEach(
            (place, buffer, from, to) -> {
              if (pool.get(place)) {
                var id = RowJson.id(buffer, from, to);
                var batch = byBatch ? batches[place] : "";
                reader.row(
                    batch.isEmpty() ? source(id) : batch,
                    id,
                    () -> pair(RowJson.row(buffer, from, to)));
              }
            });
  }

  /** A row as the reader takes it. */
  private record Looked(String batch, String id, Pair pair) {}

  private void readAll(Swaps.Reader reader, boolean byBatch) throws IOException {
    var work =
        new InOrder<List<Looked>>(
            threads,
            looked -> {
              for (var row : looked) {
                reader.row(row.batch(), row.id(), row::pair);
              }
            });
    try (work) {
      spool.lines().forEachBlock(block -> work.add(() -> looked(block, byBatch)));
      work.finish();
    }
  }

  private List<Looked> looked(LineFile.Block block, boolean byBatch) throws IOException {
    var looked = new ArrayList<Looked>();
    block.forEach(
        (place, buffer, from, to) -> {
          if (pool.get(place)) {
            var row = RowJson.row(buffer, from, to);
            var batch = Swaps.batch(byBatch ? batches[place] : "", row);
            looked.add(new Looked(batch, row.id(), pair(row)));
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

  private static SwapReport.Batch batch(Swaps.Batch batch, boolean isDeclared) {
    return new SwapReport.Batch(
        isDeclared ? shown(batch.name()) : batch.name(),
        isDeclared,
        batch.first(),
        batch.last(),
        batch.backwards(),
        batch.examples());
  }

  private static String shown(String name) {
    String clean = name.replaceAll("\\p{Cntrl}", "\ufffd");
    return clean.length() <= LETTERS ? clean : clean.substring(0, LETTERS) + "\u2026";
  }
}
