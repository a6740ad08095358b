package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;

/**
 * Tools and their calls, as JSON texts. OpenAI writes a call's arguments as a text of JSON, chat
 * templates take the object.
 */
final class ToolCalls {
  /** Of arguments that come as a text, which then lie inside a turn of the row. */
  private static final ObjectReader JSON = StrictJson.reader(StrictJson.DEEPEST / 2);

  private ToolCalls() {}

  /** A row's tools; empty where it has none. */
  static String declared(JsonNode tools) throws BadRow {
    if (Fields.isAbsent(tools)) {
      return "";
    }
    for (ObjectNode tool : Fields.objects(tools)) {
      refuseNameless(tool.path("function"));
    }
    return written(tools);
  }

  /** A turn's calls; empty where it has none. */
  static String made(JsonNode calls) throws BadRow {
    if (Fields.isAbsent(calls)) {
      return "";
    }
    for (ObjectNode call : Fields.objects(calls)) {
      refuseNameless(call.path("function"));
      unpack((ObjectNode) call.get("function"));
    }
    return written(calls);
  }

  private static String written(JsonNode list) throws BadRow {
    Wording.check(list);
    return list.isEmpty() ? "" : list.toString();
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
