package io.fettle.data.diff;

import io.fettle.data.dedup.Fingerprint;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;

/**
 * What makes two rows the same: all that a model sees of them, and not where they came from.
 *
 * @param whole of tools, messages and the rejected answer
 * @param prompt of the tools and every message but the last
 */
record RowKeys(Fingerprint whole, Fingerprint prompt) {
  static RowKeys of(Row row) {
    var text = new StringBuilder();
    append(text, row.tools());
    for (Message message : row.messages().subList(0, row.messages().size() - 1)) {
      append(text, message);
    }
    Fingerprint prompt = Fingerprint.of(text.toString());
    append(text, row.messages().getLast());
    append(text, row.rejected());
    return new RowKeys(Fingerprint.of(text.toString()), prompt);
  }

  private static void append(StringBuilder text, Message message) {
    append(text, message.role().word());
    append(text, message.content());
    append(text, message.toolCalls());
    append(text, message.toolCallId());
  }

  /** With its length before it, so that no two lists of fields read alike. */
  private static void append(StringBuilder text, String field) {
    text.append(field.length()).append(':').append(field);
  }
}
