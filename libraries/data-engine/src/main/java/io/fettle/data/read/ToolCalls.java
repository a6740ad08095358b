package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;

/**
 * Tools and their calls, as JSON texts. OpenAI writes a call's arguments as a text of JSON, chat
 * templates take the object.
 */
final class ToolCalls {
  private static final JsonMapper JSON = new JsonMapper();

  private ToolCalls() {}

  /** A row's tools; empty where it has none. */
  static String declared(JsonNode tools) throws BadRow {
    if (Fields.isAbsent(tools)) {
      return "";
    }
    for (ObjectNode tool : Fields.objects(tools)) {
      refuseNameless(tool.path("function"));
    }
    return tools.isEmpty() ? "" : tools.toString();
  }

  /** A turn's calls; empty where it has none. */
  static String made(JsonNode calls) throws BadRow {
    if (Fields.isAbsent(calls) || calls.isEmpty()) {
      return "";
    }
    for (ObjectNode call : Fields.objects(calls)) {
      refuseNameless(call.path("function"));
      unpack((ObjectNode) call.get("function"));
    }
    return calls.toString();
  }

  private static void refuseNameless(JsonNode function) throws BadRow {
    if (!function.isObject() || function.path("name").asText().isBlank()) {
      throw new BadRow(Reason.BROKEN_TOOL_CALL);
    }
  }

  private static void unpack(ObjectNode function) throws BadRow {
    JsonNode arguments = function.path("arguments");
    if (arguments.isTextual()) {
      function.set("arguments", parsed(arguments.textValue()));
    } else if (!arguments.isObject()) {
      throw new BadRow(Reason.BROKEN_TOOL_CALL);
    }
  }

  private static JsonNode parsed(String text) throws BadRow {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree.isObject()) {
        return tree;
      }
    } catch (JsonProcessingException _) {
      // as below
    }
    throw new BadRow(Reason.BROKEN_TOOL_CALL);
  }
}
