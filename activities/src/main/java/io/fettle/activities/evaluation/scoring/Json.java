package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectReader;
import io.fettle.workflows.wire.Wire;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** JSON as answers have it. Numbers are compared as numbers, keys in any order. */
final class Json {
  private static final ObjectReader WHOLE =
      Wire.mapper()
          .reader()
          .with(
              DeserializationFeature.FAIL_ON_TRAILING_TOKENS,
              DeserializationFeature.USE_BIG_DECIMAL_FOR_FLOATS);

  private Json() {}

  /** A whole JSON value and nothing after it. */
  static Optional<JsonNode> parse(String text) {
    try {
      return Optional.ofNullable(WHOLE.readTree(text.strip()))
          .filter(node -> !node.isMissingNode());
    } catch (JsonProcessingException invalid) {
      return Optional.empty();
    }
  }

  static boolean same(JsonNode one, JsonNode other) {
    return one.equals(Json::compared, other);
  }

  private static int compared(JsonNode a, JsonNode b) {
    if (a.isNumber() && b.isNumber()) {
      return a.decimalValue().compareTo(b.decimalValue());
    }
    return a.equals(b) ? 0 : 1;
  }

  /**
   * Every value that holds no other, under its path, with how often it is there. Places in a list
   * do not count: {@code {"a": [1, 2]}} has {@code /a[]} twice, as 1 and as 2.
   */
  static Map<String, Integer> fields(JsonNode value) {
    Map<String, Integer> fields = new HashMap<>();
    collect(value, "", fields);
    return fields;
  }

  private static void collect(JsonNode value, String path, Map<String, Integer> fields) {
    if (value.isContainerNode() && !value.isEmpty()) {
      if (value.isArray()) {
        value.forEach(item -> collect(item, path + "[]", fields));
      } else {
        value
            .properties()
            .forEach(field -> collect(field.getValue(), path + "/" + field.getKey(), fields));
      }
      return;
    }
    String shown =
        value.isNumber()
            ? value.decimalValue().stripTrailingZeros().toString()
            : value.toString(); // a text keeps its quotes
    fields.merge(path + "=" + shown, 1, Integer::sum);
  }

  /** How many entries two bags share. */
  static int shared(Map<String, Integer> one, Map<String, Integer> other) {
    return one.entrySet().stream()
        .mapToInt(entry -> Math.min(entry.getValue(), other.getOrDefault(entry.getKey(), 0)))
        .sum();
  }

  static int size(Map<String, Integer> bag) {
    return bag.values().stream().mapToInt(Integer::intValue).sum();
  }
}
