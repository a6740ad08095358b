package io.fettle.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Message;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Role;
import io.fettle.data.row.Row;
import java.util.ArrayList;
import java.util.List;

/**
 * {@code {"messages": [{"role", "content", "tool_calls"?, "tool_call_id"?}], "tools"?}}, as
 * OpenAI's fine-tuning takes it; other keys are left alone.
 */
final class ChatRows implements RecordShape {
  @Override
  public List<String> needs(FieldMapping fields) {
    return List.of("messages");
  }

  @Override
  public Row row(ObjectNode record, Source source, long line) throws BadRow {
    List<Message> messages = messages(Fields.objects(record, "messages"));
    String group = Fields.group(record, source.fields());
    return Conversation.row(source, line, messages, group)
        .withTools(ToolCalls.declared(record.path("tools")));
  }

  static List<Message> messages(List<ObjectNode> turns) throws BadRow {
    List<Message> messages = new ArrayList<>();
    for (ObjectNode turn : turns) {
      messages.add(message(turn));
    }
    return messages;
  }

  private static Message message(ObjectNode turn) throws BadRow {
    Role role =
        Role.of(Fields.text(turn, "role")).orElseThrow(() -> new BadRow(Reason.UNKNOWN_ROLE));
    JsonNode weight = turn.path("weight");
    if (!Fields.isAbsent(weight) && weight.asDouble(1) == 0) {
      throw new BadRow(Reason.WEIGHT_ZERO);
    }
    String calls = ToolCalls.made(turn.path("tool_calls"));
    if (!calls.isEmpty() && role != Role.ASSISTANT) {
      throw new BadRow(Reason.WRONG_ROLE_ORDER);
    }
    String content =
        calls.isEmpty() ? Fields.text(turn, "content") : Fields.optionalText(turn, "content");
    return new Message(role, content, calls, Fields.optionalText(turn, "tool_call_id"));
  }
}
