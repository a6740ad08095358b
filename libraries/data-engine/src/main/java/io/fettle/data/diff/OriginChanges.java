package io.fettle.data.diff;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.diff.DatasetDiff.Change;
import io.fettle.data.version.DatasetManifest.Origin;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/** What differs of what two datasets came from. */
final class OriginChanges {
  private OriginChanges() {}

  static List<Change> between(Origin before, Origin after) {
    Map<String, String> old = flat(before);
    Map<String, String> now = flat(after);
    var names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    List<Change> changes = new ArrayList<>();
    for (String name : names) {
      var change = new Change(name, old.getOrDefault(name, ""), now.getOrDefault(name, ""));
      if (!change.before().equals(change.after())) {
        changes.add(change);
      }
    }
    return changes;
  }

  private static Map<String, String> flat(Origin origin) {
    Map<String, String> values = new TreeMap<>();
    values.put("code", origin.code());
    values.put("tokenizer", origin.tokenizer());
    values.put("template", origin.template());
    values.put("parent", origin.parent());
    origin.inputs().forEach(input -> values.put("inputs/" + input.name(), input.sha256()));
    flatten("config", origin.config(), values);
    return values;
  }

  private static void flatten(String name, JsonNode node, Map<String, String> values) {
    if (node.isObject()) {
      node.properties()
          .forEach(field -> flatten(name + "/" + field.getKey(), field.getValue(), values));
    } else if (node.isArray()) {
      for (int i = 0; i < node.size(); i++) {
        flatten(name + "/" + i, node.path(i), values);
      }
    } else {
      values.put(name, node.isTextual() ? node.textValue() : node.toString());
    }
  }
}
