package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.statistics.Clusters;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Which items of a part hang together, as the dataset's {@code clusters.jsonl} tells. */
final class HangingTogether {
  private final Map<String, String> clusterOfRow = new HashMap<>();

  /**
   * Of one part.
   *
   * @param lines of the file; datasets of older releases have none, and each item is for itself
   */
  HangingTogether(String lines, Part part) throws IOException {
    for (String line : lines.lines().toList()) {
      JsonNode cluster = Wire.mapper().readTree(line);
      if (cluster.path("part").asText().equals(part.name().toLowerCase(Locale.ROOT))) {
        String name = cluster.path("rows").path(0).asText();
        cluster.path("rows").forEach(row -> clusterOfRow.put(row.asText(), name));
      }
    }
  }

  /** How many of so many items are left, each cluster counted once. */
  int clusters(int items) {
    int names = (int) clusterOfRow.values().stream().distinct().count();
    return items - (clusterOfRow.size() - names);
  }

  /** The same as a number an item; empty where each is for itself. */
  List<Integer> numbers(List<String> items) {
    Map<String, Integer> numbers = new HashMap<>();
    List<Integer> ofItem =
        items.stream()
            .map(
                id ->
                    numbers.computeIfAbsent(clusterOfRow.getOrDefault(id, id), _ -> numbers.size()))
            .toList();
    return numbers.size() == items.size() ? List.of() : ofItem;
  }

  /** The clusters of these items; one that the file does not name is for itself. */
  Clusters of(List<String> items) {
    return Clusters.named(items.stream().map(id -> clusterOfRow.getOrDefault(id, id)).toList());
  }
}
