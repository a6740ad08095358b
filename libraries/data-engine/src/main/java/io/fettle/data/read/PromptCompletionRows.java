package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import java.util.List;
import java.util.stream.Stream;

/** {@code {"prompt": ..., "completion": ...}} under whatever names the mapping gives. */
final class PromptCompletionRows implements RecordShape {
  @Override
  public List<String> needs(FieldMapping fields) {
    return Stream.of(fields.prompt(), fields.completion(), fields.system(), fields.group())
        .filter(name -> !name.isEmpty())
        .toList();
  }

  @Override
  public Row row(ObjectNode record, Source source, long line) throws BadRow {
    FieldMapping fields = source.fields();
    List<Message> turns =
        Conversation.single(
            fields.system().isEmpty() ? "" : Fields.text(record, fields.system()),
            Fields.text(record, fields.prompt()),
            Fields.text(record, fields.completion()));
    return Conversation.row(source, line, turns, Fields.group(record, fields));
  }
}
