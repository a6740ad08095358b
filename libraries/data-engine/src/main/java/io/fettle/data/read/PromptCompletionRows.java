package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Message;
import io.fettle.data.row.Row;
import java.util.List;

/** {@code {"prompt": ..., "completion": ...}} under whatever names the mapping gives. */
final class PromptCompletionRows implements JsonlReader.Shape {
  @Override
  public Row row(ObjectNode object, Source source, long line) throws BadRow {
    FieldMapping fields = source.fields();
    List<Message> turns =
        Conversation.single(
            fields.system().isEmpty() ? "" : JsonlReader.text(object, fields.system()),
            JsonlReader.text(object, fields.prompt()),
            JsonlReader.text(object, fields.completion()));
    return Conversation.row(source, line, turns, JsonlReader.group(object, fields));
  }
}
