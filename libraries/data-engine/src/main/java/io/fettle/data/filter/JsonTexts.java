package io.fettle.data.filter;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.cfg.JsonNodeFeature;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** Changes the texts within JSON, and leaves its structure alone. */
final class JsonTexts {
  private static final JsonMapper JSON =
      JsonMapper.builder()
          .enable(DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS)
          .disable(JsonNodeFeature.STRIP_TRAILING_BIGDECIMAL_ZEROES)
          .build();

  private JsonTexts() {}

  /**
   * The same characters where no text changes.
   *
   * @param json may be empty
   * @param change also given whole numbers, as text; where it changes one, a text stands there
   */
  static String changed(String json, UnaryOperator<String> change) {
    if (json.isEmpty()) {
      return json;
    }
    try {
      JsonNode tree = JSON.readTree(json);
      return walked(tree, change) ? tree.toString() : json;
    } catch (JsonProcessingException broken) {
      return change.apply(json);
    }
  }

  /** Whether anything changed. */
  private static boolean walked(JsonNode node, UnaryOperator<String> change) {
    boolean changed = false;
    switch (node) {
      case ObjectNode object -> {
        for (var field : object.properties()) {
          var other = changed(field.getValue(), change);
          other.ifPresent(field::setValue);
          changed |= other.isPresent() || walked(field.getValue(), change);
        }
      }
      case ArrayNode array -> {
        for (int i = 0; i < array.size(); i++) {
          var other = changed(array.get(i), change);
          if (other.isPresent()) {
            array.set(i, other.get());
          }
          changed |= other.isPresent() || walked(array.get(i), change);
        }
      }
      default -> {}
    }
    return changed;
  }

  private static Optional<JsonNode> changed(JsonNode node, UnaryOperator<String> change) {
    if (!node.isTextual() && !node.isIntegralNumber()) {
      return Optional.empty();
    }
    var text = node.asText();
    var changed = change.apply(text);
    return changed.equals(text) ? Optional.empty() : Optional.of(TextNode.valueOf(changed));
  }
}
