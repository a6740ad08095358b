package io.fettle.activities.evaluation.asking;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;

/**
 * Tools and their calls as the OpenAI API takes them. Rows hold a call's arguments as an object,
 * and need not say which call a tool's turn answers; the API wants a text, and an id for both.
 */
final class Tools {
  private static final String CALLS = "tool_calls";
  private static final String FUNCTION = "function";
  private static final String ARGUMENTS = "arguments";
  private static final String ANSWERED = "tool_call_id";

  private Tools() {}

  /** What is declared. */
  static List<JsonNode> declared(List<JsonNode> tools) {
    return tools.stream().map(Tools::declared).toList();
  }

  private static JsonNode declared(JsonNode tool) {
    if (tool.path(FUNCTION).isObject()) {
      return typed(tool);
    }
    return Wire.mapper().createObjectNode().put("type", FUNCTION).set(FUNCTION, tool);
  }

  private static ObjectNode typed(JsonNode of) {
    ObjectNode typed = of.deepCopy();
    return typed.has("type") ? typed : typed.put("type", FUNCTION);
  }

  /** A conversation; a tool's turn without an id answers the first call that is open. */
  static List<JsonNode> turns(List<JsonNode> turns) {
    List<JsonNode> sent = new ArrayList<>();
    Deque<String> open = new ArrayDeque<>();
    for (JsonNode turn : turns) {
      if (!turn.path(CALLS).isEmpty()) {
        sent.add(calling(turn, sent.size(), open));
      } else if (turn.path("role").asText().equals("tool")) {
        sent.add(answering(turn, open));
      } else {
        sent.add(turn);
      }
    }
    return sent;
  }

  private static JsonNode calling(JsonNode turn, int place, Deque<String> open) {
    ObjectNode sent = turn.deepCopy();
    var calls = sent.putArray(CALLS);
    for (JsonNode each : turn.path(CALLS)) {
      ObjectNode call = typed(each);
      if (call.path("id").asText().isEmpty()) {
        call.put("id", "call_%d_%d".formatted(place, calls.size()));
      }
      if (call.path(FUNCTION) instanceof ObjectNode function
          && !function.path(ARGUMENTS).isTextual()) {
        function.put(
            ARGUMENTS, function.has(ARGUMENTS) ? function.path(ARGUMENTS).toString() : "{}");
      }
      open.add(call.path("id").asText());
      calls.add(call);
    }
    return sent;
  }

  private static JsonNode answering(JsonNode turn, Deque<String> open) {
    String id = turn.path(ANSWERED).asText();
    if (!id.isEmpty()) {
      open.remove(id);
      return turn;
    }
    ObjectNode sent = turn.deepCopy();
    String first = open.poll();
    return first == null ? sent : sent.put(ANSWERED, first);
  }

  /** What a message answers: its calls as JSON, whatever it says beside them, else its text. */
  static String said(JsonNode message) {
    return message.path(CALLS).isEmpty()
        ? message.path("content").asText("")
        : message.path(CALLS).toString();
  }
}
