package io.fettle.activities.steps;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.workflows.wire.Wire;
import java.util.Map;
import java.util.TreeMap;

/**
 * The one spelling of a JSON value: keys sorted at every depth, null fields left out, no blanks.
 */
final class CanonicalJson {
  private CanonicalJson() {}

  static byte[] bytes(JsonNode value) {
    try {
      return Wire.mapper().writeValueAsBytes(sorted(value));
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree of JSON nodes can always be written", e);
    }
  }

  private static JsonNode sorted(JsonNode value) {
    return switch (value) {
      case ObjectNode object -> {
        Map<String, JsonNode> fields = new TreeMap<>();
        object.properties().forEach(field -> fields.put(field.getKey(), sorted(field.getValue())));
        fields.values().removeIf(JsonNode::isNull);
        ObjectNode ordered = Wire.mapper().createObjectNode();
        ordered.setAll(fields);
        yield ordered;
      }
      case ArrayNode array -> {
        ArrayNode ordered = Wire.mapper().createArrayNode();
        array.forEach(element -> ordered.add(sorted(element)));
        yield ordered;
      }
      default -> value;
    };
  }
}
