package io.fettle.data.read;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.Optional;

/** A JSON object a line; what the object means is the shape's matter. Blank lines are no rows. */
final class JsonlReader implements RowReader {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
          .enable(DeserializationFeature.FAIL_ON_READING_DUP_TREE_KEY)
          .build();

  /** Makes a row of one object. */
  interface Shape {
    Row row(ObjectNode object, Source source, long line) throws BadRow;
  }

  private final Shape shape;

  JsonlReader(Shape shape) {
    this.shape = shape;
  }

  @Override
  public void read(Source source, Sink sink) throws IOException {
    try (var lines = new Lines(source.path())) {
      for (Optional<Lines.Line> next = lines.next(); next.isPresent(); next = lines.next()) {
        Lines.Line line = next.get();
        if (line.problem() != null || !line.text().isBlank()) {
          readLine(source, line, sink);
        }
      }
    }
  }

  private void readLine(Source source, Lines.Line line, Sink sink) throws IOException {
    Row row;
    try {
      if (line.problem() != null) {
        throw new BadRow(line.problem());
      }
      row = shape.row(object(line.text()), source, line.number());
    } catch (BadRow bad) {
      sink.bad(bad.reason(), source.name() + ":" + line.number());
      return;
    }
    sink.row(row);
  }

  private static ObjectNode object(String text) throws BadRow {
    try {
      JsonNode tree = JSON.readTree(text);
      if (tree instanceof ObjectNode object) {
        return object;
      }
      throw new BadRow(Reason.BROKEN_JSON);
    } catch (JsonProcessingException e) {
      boolean duplicate = e.getOriginalMessage().startsWith("Duplicate ");
      throw new BadRow(duplicate ? Reason.DUPLICATE_KEY : Reason.BROKEN_JSON);
    }
  }

  /** The text of a field that must be there. */
  static String text(ObjectNode object, String field) throws BadRow {
    JsonNode value = object.get(field);
    if (value == null || value.isNull()) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    if (!value.isTextual()) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    return value.textValue();
  }

  /** A group may be any scalar; empty where none is mapped. */
  static String group(ObjectNode object, FieldMapping fields) throws BadRow {
    if (fields.group().isEmpty()) {
      return "";
    }
    JsonNode value = object.get(fields.group());
    if (value == null || value.isNull()) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    if (!value.isValueNode()) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    return value.asText();
  }
}
