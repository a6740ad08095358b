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

/**
 * {@code {"instruction", "input"?, "output", "system"?, "history"?: [[question, answer]...]}}. An
 * input follows its instruction on a line of its own, as LLaMA-Factory has it.
 */
final class AlpacaRows implements RecordShape {
  @Override
  public List<String> needs(FieldMapping fields) {
    return List.of("instruction", "output");
  }

  @Override
  public Row row(ObjectNode record, Source source, long line) throws BadRow {
    List<Message> turns = new ArrayList<>();
    String system = Fields.optionalText(record, "system");
    if (!system.isBlank()) {
      turns.add(new Message(Role.SYSTEM, system));
    }
    addHistory(record.path("history"), turns);
    String instruction = Fields.text(record, "instruction");
    String input = Fields.optionalText(record, "input");
    turns.add(new Message(Role.USER, input.isBlank() ? instruction : instruction + "\n" + input));
    turns.add(new Message(Role.ASSISTANT, Fields.text(record, "output")));
    return Conversation.row(source, line, turns, Fields.group(record, source.fields()));
  }

  private static void addHistory(JsonNode history, List<Message> turns) throws BadRow {
    if (Fields.isAbsent(history)) {
      return;
    }
    if (!history.isArray()) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    for (JsonNode pair : history) {
      if (!(pair instanceof ArrayNode)
          || pair.size() != 2
          || !pair.get(0).isTextual()
          || !pair.get(1).isTextual()) {
        throw new BadRow(Reason.NOT_TEXT);
      }
      turns.add(new Message(Role.USER, pair.get(0).textValue()));
      turns.add(new Message(Role.ASSISTANT, pair.get(1).textValue()));
    }
  }
}
