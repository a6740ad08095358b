package io.fettle.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;

/** {@code {"messages": [{"role": ..., "content": ...}]}}; other keys are left alone. */
final class ChatRows implements JsonlReader.Shape {
  @Override
  public Row row(ObjectNode object, Source source, long line) throws BadRow {
    JsonNode list = object.get("messages");
    if (list == null || list.isNull()) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    if (!(list instanceof ArrayNode turns)) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    List<Message> messages = new ArrayList<>();
    for (JsonNode turn : turns) {
      messages.add(message(turn));
    }
    String group = JsonlReader.group(object, source.fields());
    return Conversation.row(source, line, messages, group);
  }

  private static Message message(JsonNode turn) throws BadRow {
    if (!(turn instanceof ObjectNode object)) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    Role role =
        Role.of(JsonlReader.text(object, "role"))
            .orElseThrow(() -> new BadRow(Reason.UNKNOWN_ROLE));
    return new Message(role, JsonlReader.text(object, "content"));
  }
}
