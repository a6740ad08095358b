package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import java.util.Optional;

/**
 * What the schema let through: typed values with the defaults filled in. What it refused is
 * missing, so a rule that needs it has nothing to say.
 *
 * @param values by section
 * @param lines the line of every key that was written
 */
record Checked(ObjectNode values, Map<String, Integer> lines) {
  Optional<JsonNode> at(String path) {
    JsonNode node = values;
    for (var name : path.split("\\.")) node = node.path(name);
    return node instanceof MissingNode || node.isNull() ? Optional.empty() : Optional.of(node);
  }

  String word(String path) {
    return at(path).map(JsonNode::asText).orElse("");
  }

  boolean is(String path, String word) {
    return word(path).equals(word);
  }

  boolean wasWritten(String path) {
    return lines.containsKey(path);
  }

  /** The key's line; of a key that was not written, its section's. */
  int line(String path) {
    var known = lines.get(path);
    if (known != null) return known;
    int dot = path.lastIndexOf('.');
    return dot < 0 ? 1 : line(path.substring(0, dot));
  }
}
