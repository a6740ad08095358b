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
 * {@code {"prompt"?, "chosen", "rejected"}}: texts, or lists of messages as TRL has them, with the
 * prompt apart or at the start of both answers.
 */
final class PreferenceRows implements RecordShape {
  @Override
  public List<String> needs(FieldMapping fields) {
    return List.of("chosen", "rejected");
  }

  @Override
  public Row row(ObjectNode record, Source source, long line) throws BadRow {
    List<Message> prompt = turns(record.path("prompt"), Role.USER);
    List<Message> chosen = answer(record, "chosen", prompt);
    List<Message> rejected = answer(record, "rejected", prompt);
    if (!chosen.subList(0, chosen.size() - 1).equals(rejected.subList(0, rejected.size() - 1))) {
      throw new BadRow(Reason.OTHER_PROMPTS);
    }
    if (chosen.equals(rejected)) {
      throw new BadRow(Reason.NO_PREFERENCE);
    }
    String group = Fields.group(record, source.fields());
    Row losing = Conversation.row(source, line, rejected, group);
    return Conversation.row(source, line, chosen, group).over(losing.response());
  }

  private static List<Message> answer(ObjectNode record, String field, List<Message> prompt)
      throws BadRow {
    JsonNode value = record.path(field);
    if (Fields.isAbsent(value)) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    List<Message> turns = new ArrayList<>(prompt);
    turns.addAll(turns(value, Role.ASSISTANT));
    if (turns.isEmpty()) {
      throw new BadRow(Reason.WRONG_ROLE_ORDER);
    }
    return turns;
  }

  /** A text is one turn. */
  private static List<Message> turns(JsonNode value, Role role) throws BadRow {
    if (Fields.isAbsent(value)) {
      return List.of();
    }
    return value.isTextual()
        ? List.of(new Message(role, value.textValue()))
        : ChatRows.messages(Fields.objects(value));
  }
}
