package io.fettle.data.row;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

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
      return id(json);
    }
  }

  /** The same of a line in a buffer. */
  public static String id(byte[] buffer, int from, int to) throws IOException {
    try (JsonParser json = JSON.getFactory().createParser(buffer, from, to - from)) {
      return id(json);
    }
  }

  private static String id(JsonParser json) throws IOException {
    json.nextToken();
    return "id".equals(json.nextFieldName()) ? String.valueOf(json.nextTextValue()) : "";
  }

  /** The row of such a line. Group and batch are not part of the normal form. */
  public static Row row(String line) throws IOException {
    try (JsonParser json = JSON.getFactory().createParser(line)) {
      return row(json);
    }
  }

  /** The same of a line in a buffer. */
  public static Row row(byte[] buffer, int from, int to) throws IOException {
    try (JsonParser json = JSON.getFactory().createParser(buffer, from, to - from)) {
      return row(json);
    }
  }

  private static Row row(JsonParser json) throws IOException {
    var id = "";
    List<Message> messages = new ArrayList<>();
    var rejected = "";
    var tools = "";
    json.nextToken();
    for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "id" -> id = json.getText();
        case "messages" -> {
          while (json.nextToken() == JsonToken.START_OBJECT) {
            messages.add(message(json, id));
          }
        }
        case "rejected" -> rejected = json.getText();
        case "tools" -> tools = raw(json);
        default -> json.skipChildren();
      }
    }
    int colon = id.lastIndexOf(':');
    if (colon < 0) {
      throw new IOException("a line without the id of its row");
    }
    return new Row(
        id.substring(0, colon),
        Long.parseLong(id.substring(colon + 1)),
        messages,
        "",
        rejected,
        tools);
  }

  private static Message message(JsonParser json, String id) throws IOException {
    Optional<Role> role = Optional.empty();
    var content = "";
    var calls = "";
    var answers = "";
    for (var field = json.nextFieldName(); field != null; field = json.nextFieldName()) {
      json.nextToken();
      switch (field) {
        case "role" -> role = Role.of(json.getText());
        case "content" -> content = json.getText();
        case "tool_calls" -> calls = raw(json);
        case "tool_call_id" -> answers = json.getText();
        default -> json.skipChildren();
      }
    }
    return new Message(
        role.orElseThrow(() -> new IOException(id + " has an unknown role")),
        content,
        calls,
        answers);
  }

  private static void writeRaw(JsonGenerator json, String field, String value) throws IOException {
    if (!value.isEmpty()) {
      json.writeFieldName(field);
      json.writeRawValue(value);
    }
  }

  private static String raw(JsonParser json) throws IOException {
    return json.<JsonNode>readValueAsTree().toString();
  }
}
