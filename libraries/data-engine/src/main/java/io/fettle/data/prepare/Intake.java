package io.fettle.data.prepare;

import io.fettle.data.contamination.Contamination;
import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.filter.PersonalData;
import io.fettle.data.filter.PersonalData.Kind;
import io.fettle.data.read.RowReader;
import io.fettle.data.read.Source;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Reads files on several threads: what can be said of a row without looking at others is worked out
 * there. Hands the rows over in order, on one.
 */
final class Intake implements AutoCloseable {
  private final PrepareOptions.Cleaning cleaning;
  private final HeldItems held;
  private final InOrder<Taken> work;

  Intake(PrepareOptions options, HeldItems held, Sink sink) {
    cleaning = options.cleaning();
    this.held = held;
    work = new InOrder<>(options.threads(), taken -> taken.to(sink));
  }

  /** Takes rows in the order of the files. */
  interface Sink {
    void row(Incoming row) throws IOException;

    void refused(Refused row);

    void bad(Reason reason, String rowId);
  }

  /**
   * A row, and what was worked out.
   *
   * @param redacted how much of it was blacked out
   * @param line its normal form, a line feed included
   * @param met what it may hold of test rows and benchmarks
   */
  @SuppressWarnings("ArrayRecordComponent") // handed over once, and never compared
  record Incoming(
      Row row,
      boolean inTestSet,
      Map<Kind, Integer> redacted,
      byte[] line,
      Fingerprint whole,
      NearDuplicates.Sketch sketch,
      Contamination.Met met) {
    static Incoming of(Row row, boolean inTestSet, Map<Kind, Integer> redacted, HeldItems held)
        throws IOException {
      return new Incoming(
          row,
          inTestSet,
          redacted,
          RowJson.line(row),
          Fingerprint.ofRow(row),
          NearDuplicates.sketch(row),
          held.met(row));
    }
  }

  /**
   * A row that a filter objects to.
   *
   * @param filter the place of that filter; those before it let the row pass
   */
  record Refused(String rowId, int filter, Reason reason) {}

  void read(Source source, boolean inTestSet) throws IOException {
    RowReader.of(source.format())
        .batches(source, batch -> work.add(() -> new Taken(inTestSet, cleaning, held).all(batch)));
  }

  void finish() throws IOException {
    work.finish();
  }

  @Override
  public void close() {
    work.close();
  }

  /** What came of one batch, the good and the bad in their order. */
  private static final class Taken implements RowReader.Sink {
    private record Bad(Reason reason, String rowId) {}

    private final boolean inTestSet;
    private final PrepareOptions.Cleaning cleaning;
    private final HeldItems held;
    private final List<Object> found = new ArrayList<>();

    private Taken(boolean inTestSet, PrepareOptions.Cleaning cleaning, HeldItems held) {
      this.inTestSet = inTestSet;
      this.cleaning = cleaning;
      this.held = held;
    }

    Taken all(RowReader.Batch batch) throws IOException {
      batch.rows(this);
      return this;
    }

    @Override
    public void row(Row row) throws IOException {
      found.add(inTestSet ? Incoming.of(row, true, Map.of(), held) : cleaned(row));
    }

    private Object cleaned(Row row) throws IOException {
      var redacted =
          cleaning.redacts()
              ? PersonalData.redact(row)
              : new PersonalData.RedactedRow(row, Map.of());
      for (int i = 0; i < cleaning.filters().size(); i++) {
        Optional<Reason> objection = cleaning.filters().get(i).objection(redacted.row());
        if (objection.isPresent()) {
          return new Refused(row.id(), i, objection.get());
        }
      }
      return Incoming.of(redacted.row(), false, redacted.found(), held);
    }

    @Override
    public void bad(Reason reason, String rowId) {
      found.add(new Bad(reason, rowId));
    }

    void to(Sink sink) throws IOException {
      for (Object each : found) {
        switch (each) {
          case Incoming row -> sink.row(row);
          case Refused row -> sink.refused(row);
          case Bad bad -> sink.bad(bad.reason(), bad.rowId());
          default -> throw new IllegalStateException("neither row nor bad row");
        }
      }
    }
  }
}
