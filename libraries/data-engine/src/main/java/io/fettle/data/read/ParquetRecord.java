package io.fettle.data.read;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.hardwood.row.PqList;
import dev.hardwood.row.PqMap;
import dev.hardwood.row.StructAccessor;
import dev.hardwood.schema.FileSchema;
import dev.hardwood.schema.SchemaNode;
import dev.hardwood.schema.SchemaNode.GroupNode;
import io.fettle.data.row.Reason;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A Parquet record as the JSON object that it would be in a JSONL file. */
final class ParquetRecord {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final GroupNode root;

  ParquetRecord(FileSchema schema) {
    root = schema.getRootNode();
  }

  static List<String> names(FileSchema schema) {
    return schema.getRootNode().children().stream().map(SchemaNode::name).toList();
  }

  /** The record on which a reader stands. */
  ObjectNode object(StructAccessor record) throws BadRow {
    return object(root, record);
  }

  private static ObjectNode object(GroupNode group, StructAccessor struct) throws BadRow {
    ObjectNode object = JSON.objectNode();
    List<SchemaNode> fields = group.children();
    for (int i = 0; i < fields.size(); i++) {
      Object value = struct.isNull(i) ? null : value(fields.get(i), struct, i);
      put(object, fields.get(i).name(), node(fields.get(i), value));
    }
    return object;
  }

  private static Object value(SchemaNode field, StructAccessor struct, int at) {
    return field instanceof GroupNode ? struct.getValue(at) : struct.getRawValue(at);
  }

  private static JsonNode node(SchemaNode field, @Nullable Object value) throws BadRow {
    return switch (value) {
      case null -> JSON.nullNode();
      case String text -> JSON.textNode(text);
      case byte[] bytes -> JSON.textNode(text(bytes));
      case Boolean yes -> JSON.booleanNode(yes);
      case Integer number -> JSON.numberNode(number);
      case Long number -> JSON.numberNode(number);
      case Float number -> JSON.numberNode(number);
      case Double number -> JSON.numberNode(number);
      case PqList list -> array(field, list);
      case PqMap map -> object(field, map);
      case StructAccessor struct when field instanceof GroupNode group -> object(group, struct);
      default -> throw new BadRow(Reason.NOT_TEXT);
    };
  }

  private static ArrayNode array(SchemaNode field, PqList list) throws BadRow {
    ArrayNode array = JSON.arrayNode(list.size());
    SchemaNode element = ((GroupNode) field).getListElement();
    for (int i = 0; i < list.size(); i++) {
      Object value = element instanceof GroupNode ? list.get(i) : list.getRaw(i);
      array.add(node(element, list.isNull(i) ? null : value));
    }
    return array;
  }

  private static ObjectNode object(SchemaNode field, PqMap map) throws BadRow {
    ObjectNode object = JSON.objectNode();
    SchemaNode value = ((GroupNode) field).getMapValue();
    for (PqMap.Entry entry : map.getEntries()) {
      put(object, entry.getStringKey(), node(value, entry.isValueNull() ? null : entry.getValue()));
    }
    return object;
  }

  private static void put(ObjectNode object, String key, JsonNode value) throws BadRow {
    if (object.replace(key, value) != null) {
      throw new BadRow(Reason.DUPLICATE_KEY);
    }
  }

  /** Strictly: a reader that replaces what it cannot decode would hide that the file is damaged. */
  private static String text(byte[] bytes) throws BadRow {
    if (bytes.length > Lines.MAX_LINE_BYTES) {
      throw new BadRow(Reason.LINE_TOO_LONG);
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException _) {
      throw new BadRow(Reason.NOT_UTF8);
    }
  }
}
