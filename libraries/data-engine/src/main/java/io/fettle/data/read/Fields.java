package io.fettle.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.data.row.Reason;
import java.util.List;

/** Takes a record's fields, or says why it is none. */
final class Fields {
  private Fields() {}

  /** The text of a field that must be there. */
  static String text(ObjectNode record, String field) throws BadRow {
    JsonNode value = record.get(field);
    if (isAbsent(value)) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    return textual(value);
  }

  /** The text of a field, empty where there is none. */
  static String optionalText(ObjectNode record, String field) throws BadRow {
    JsonNode value = record.get(field);
    return isAbsent(value) ? "" : textual(value);
  }

  /** The objects of a list that must be there. */
  static List<ObjectNode> objects(ObjectNode record, String field) throws BadRow {
    JsonNode value = record.get(field);
    if (isAbsent(value)) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    return objects(value);
  }

  /** The objects of a list. */
  static List<ObjectNode> objects(JsonNode list) throws BadRow {
    if (!(list instanceof ArrayNode array)) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    for (JsonNode each : array) {
      if (!each.isObject()) {
        throw new BadRow(Reason.NOT_TEXT);
      }
    }
    return array.valueStream().map(ObjectNode.class::cast).toList();
  }

  /** A group may be any scalar; empty where none is mapped. */
  static String group(ObjectNode record, FieldMapping fields) throws BadRow {
    if (fields.group().isEmpty()) {
      return "";
    }
    JsonNode value = record.get(fields.group());
    if (isAbsent(value)) {
      throw new BadRow(Reason.MISSING_FIELD);
    }
    if (!value.isValueNode()) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    return value.asText();
  }

  /** A batch may be any scalar, and a row may have none; empty then, and where none is mapped. */
  static String batch(ObjectNode record, FieldMapping fields) {
    if (fields.batch().isEmpty()) {
      return "";
    }
    JsonNode value = record.path(fields.batch());
    return value.isValueNode() && !value.isNull() ? value.asText().strip() : "";
  }

  static boolean isAbsent(JsonNode value) {
    return value == null || value.isNull() || value.isMissingNode();
  }

  private static String textual(JsonNode value) throws BadRow {
    if (!value.isTextual()) {
      throw new BadRow(Reason.NOT_TEXT);
    }
    return value.textValue();
  }
}
