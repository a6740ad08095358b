package io.fettle.data.row;

import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The normal form of a row on disk: {@code {"id": ..., "messages": [{"role": ..., "content":
 * ...}]}} and a line feed.
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
        json.writeEndObject();
      }
      json.writeEndArray();
      json.writeEndObject();
      json.writeRaw('\n');
    }
    return bytes.toByteArray();
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
      messages.add(new Message(role, turn.get("content").textValue()));
    }
    return new Row(id.substring(0, colon), Long.parseLong(id.substring(colon + 1)), messages, "");
  }
}
