package io.fettle.data.read;

import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;

/** Streams one file's rows in order. Holds some megabytes of it at a time. */
public interface RowReader {
  /**
   * Cuts the source into batches and hands them over in order, on the calling thread. What a batch
   * holds is understood only when its rows are asked for, which may be elsewhere and later.
   *
   * @throws UnreadableFile where what follows cannot be told from rows any more, so that counting
   *     on would lie
   */
  void batches(Source source, Batches batches) throws IOException;

  /** Hands over every row of the source, good or bad. */
  default void read(Source source, Sink sink) throws IOException {
    batches(source, batch -> batch.rows(sink));
  }

  /** Takes batches. */
  @FunctionalInterface
  interface Batches {
    void batch(Batch batch) throws IOException;
  }

  /** Some records that follow each other. */
  @FunctionalInterface
  interface Batch {
    /** Hands over every row of the batch, good or bad; for one thread, any thread. */
    void rows(Sink sink) throws IOException;
  }

  /** Takes what a reader found. */
  interface Sink {
    void row(Row row) throws IOException;

    void bad(Reason reason, String rowId) throws IOException;
  }

  /** The reader of the source's format. */
  static RowReader of(Format format) {
    RecordShape shape = RecordShape.of(format.shape());
    return switch (format.container()) {
      case JSONL -> new JsonlReader(shape);
      case CSV, TSV -> new CsvRows(shape);
      case PARQUET -> new ParquetRows(shape);
    };
  }
}
