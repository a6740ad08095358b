package io.fettle.data.read;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** {@code {"conversations": [{"from": ..., "value": ...}], "system"?}}. */
final class ShareGptRows implements RecordShape {
  private static final Map<String, Role> SPEAKERS =
      Map.of(
          "system", Role.SYSTEM,
          "human", Role.USER,
          "user", Role.USER,
          "gpt", Role.ASSISTANT,
          "chatgpt", Role.ASSISTANT,
          "bing", Role.ASSISTANT,
          "bard", Role.ASSISTANT,
          "assistant", Role.ASSISTANT);

  @Override
  public List<String> needs(FieldMapping fields) {
    return List.of("conversations");
  }

  @Override
  public Row row(ObjectNode record, Source source, long line) throws BadRow {
    List<Message> turns = new ArrayList<>();
    String system = Fields.optionalText(record, "system");
    if (!system.isBlank()) {
      turns.add(new Message(Role.SYSTEM, system));
    }
    for (ObjectNode turn : Fields.objects(record, "conversations")) {
      Role role = SPEAKERS.get(Fields.text(turn, "from"));
      if (role == null) {
        throw new BadRow(Reason.UNKNOWN_ROLE);
      }
      turns.add(new Message(role, Fields.text(turn, "value")));
    }
    return Conversation.row(source, line, turns, Fields.group(record, source.fields()));
  }
}
