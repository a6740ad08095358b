package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Row;
import java.util.List;

/** Makes a row of one record. */
interface RecordShape {
  Row row(ObjectNode record, Source source, long line) throws BadRow;

  /** The same, in the batch that the record names. */
  default Row rowOfBatch(ObjectNode record, Source source, long line) throws BadRow {
    return row(record, source, line).in(Fields.batch(record, source.fields()));
  }

  /** Fields without which no record is one: a file that names its fields once must have them. */
  List<String> needs(FieldMapping fields);

  static RecordShape of(Format.Shape shape) {
    return switch (shape) {
      case CHAT -> new ChatRows();
      case PROMPT_COMPLETION -> new PromptCompletionRows();
      case ALPACA -> new AlpacaRows();
      case SHAREGPT -> new ShareGptRows();
      case PREFERENCE -> new PreferenceRows();
    };
  }
}
