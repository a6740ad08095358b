package io.fettle.activities.evaluation.series;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.Stores;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * Criteria as fields that may be told in a history or a log: numbers and words as they are, what
 * may be a prompt, a label or a row by its hash alone.
 */
final class Fields {
  private static final int SHORT = 12;
  private static final int LONGEST = 100;
  private static final String SCORING = "scoring";

  private Fields() {}

  static SortedMap<String, String> of(JsonNode criteria) {
    SortedMap<String, String> fields = new TreeMap<>();
    add(criteria, "", fields);
    return fields;
  }

  private static void add(JsonNode node, String path, Map<String, String> fields) {
    if (node.isObject()) {
      node.properties()
          .forEach(
              entry ->
                  add(
                      entry.getValue(),
                      path.isEmpty() ? entry.getKey() : path + "." + entry.getKey(),
                      fields));
    } else if (!node.isMissingNode() && !node.isNull()) {
      fields.put(path, shown(node, isPrivate(path)));
    }
  }

  private static boolean isPrivate(String path) {
    return path.equals("systemPrompt") || path.equals("labels") || path.startsWith(SCORING + ".");
  }

  private static String shown(JsonNode node, boolean isPrivate) {
    if (node.isNumber() || node.isBoolean()) {
      return node.asText();
    }
    String text = node.isTextual() ? node.asText() : node.toString();
    if (node.isEmpty() && text.length() <= 2) {
      return node.isTextual() && !text.isEmpty() && !isPrivate ? text : "none";
    }
    if (text.matches("[0-9a-f]{64}")) {
      return text.substring(0, SHORT);
    }
    return isPrivate || text.length() > LONGEST ? hashed(node, text) : text;
  }

  private static String hashed(JsonNode node, String text) {
    String hash = Stores.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, SHORT);
    return node.isArray()
        ? "%d entries (%s)".formatted(node.size(), hash)
        : "%d characters (%s)".formatted(text.length(), hash);
  }
}
