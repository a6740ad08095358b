package io.fettle.data.row;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The normal form of a row on disk: {@code {"id": ..., "messages": [{"role": ..., "content":
 * ...}]}} and a line feed; calls of tools, tools and a rejected answer where the row has them.
 */
public final class RowJson {
  private static final JsonMapper JSON = new JsonMapper();

  private RowJson() {}

  /** One line of UTF-8, its line feed included; equal rows give equal bytes. */
  public static byte[] line(Row row) throws IOException {
    var bytes = new ByteArrayOutputStream(256);
    try (JsonGenerator json = JSON.getFactory().createGenerator(bytes)) {
      json.writeStartObject();
      json.writeStringField("id", row.id());
      json.writeArrayFieldStart("messages");
      for (Message message : row.messages()) {
        json.writeStartObject();
        json.writeStringField("role", message.role().word());
        json.writeStringField("content", message.content());
        writeRaw(json, "tool_calls", message.toolCalls());
        if (!message.toolCallId().isEmpty()) {
          json.writeStringField("tool_call_id", message.toolCallId());
        }
        json.writeEndObject();
      }
      json.writeEndArray();
      if (!row.rejected().isEmpty()) {
        json.writeStringField("rejected", row.rejected());
      }
      writeRaw(json, "tools", row.tools());
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
  }

  /** The id of the row of such a line, without reading the rest. */
  public static String id(String line) throws IOException {
    try (JsonParser json = JSON.getFactory().createParser(line)) {
      json.nextToken();
      return "id".equals(json.nextFieldName()) ? String.valueOf(json.nextTextValue()) : "";
    }
  }

  /** The row of such a line. The group is not part of the normal form. */
  public static Row row(String line) throws IOException {
    JsonNode tree = JSON.readTree(line);
    String id = tree.get("id").textValue();
    int colon = id.lastIndexOf(':');
    List<Message> messages = new ArrayList<>();
    for (JsonNode turn : tree.get("messages")) {
      Role role =
          Role.of(turn.get("role").textValue())
              .orElseThrow(() -> new IOException(id + " has an unknown role"));
      messages.add(
          new Message(
              role,
              turn.get("content").textValue(),
              raw(turn.path("tool_calls")),
              turn.path("tool_call_id").asText()));
    }
    return new Row(
        id.substring(0, colon),
        Long.parseLong(id.substring(colon + 1)),
        messages,
        "",
        tree.path("rejected").asText(),
        raw(tree.path("tools")));
  }

  private static void writeRaw(JsonGenerator json, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeFieldName(field);
      json.writeRawValue(value);
    }
  }

  private static String raw(JsonNode value) {
    return value.isMissingNode() ? "" : value.toString();
  }
}
