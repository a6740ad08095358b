package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareReport.SwapReport;
import io.fettle.data.swap.Swaps;
import io.fettle.data.swap.Swaps.Finding;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Collectors;

/** Looks whether prompts and answers of some rows of the pool are the wrong way round. */
final class SwapCheck {
  private final BitSet pool = new BitSet();
  private final Spool spool;

  SwapCheck(List<Entry> rows, Spool spool) {
    this.spool = spool;
    rows.stream().filter(row -> !row.inTestSet()).forEach(row -> pool.set(row.place()));
  }

  /**
   * What was found.
   *
   * @throws RefusedRows where a batch reads backwards and that is to stop the preparation
   */
  SwapReport report(boolean stops) throws IOException {
    SwapReport report =
        switch (Swaps.find(this::read)) {
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

  private void read(Swaps.Reader reader) throws IOException {
    spool.forEach(
        (place, row) -> {
          if (pool.get(place)) {
            reader.row(Swaps.batch("", row), row.id(), row.prompt(), row.response());
          }
        });
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
