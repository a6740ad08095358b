package io.fettle.data.read;

import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;

/** Streams one file's rows in order. Holds one line at a time. */
public interface RowReader {
  /**
   * Hands over every row of the source, good or bad.
   *
   * @throws UnreadableFile where what follows cannot be told from rows any more, so that counting
   *     on would lie
   */
  void read(Source source, Sink sink) throws IOException;

  /** Takes what a reader found. */
  interface Sink {
    void row(Row row) throws IOException;

    void bad(Reason reason, String rowId) throws IOException;
  }

  /** The reader of the source's format. */
  static RowReader of(Format format) {
    return switch (format) {
      case CHAT_JSONL -> new JsonlReader(new ChatRows());
      case PROMPT_COMPLETION_JSONL -> new JsonlReader(new PromptCompletionRows());
      case CSV -> new CsvRows();
    };
  }
}
