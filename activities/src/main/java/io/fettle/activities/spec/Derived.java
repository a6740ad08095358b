package io.fettle.activities.spec;

import com.fasterxml.jackson.databind.node.ObjectNode;

/**
 * Resolves each {@code auto} that depends on the spec alone; machines, models and rows are the
 * plan's.
 */
final class Derived {
  private static final int SHORTEST_PROSE = 50;

  private Derived() {}

  static void fill(ObjectNode spec) {
    var data = spec.withObject("/data");
    var evaluate = spec.withObject("/evaluate");
    var task = evaluate.path("task").asText();
    boolean answersAreShort = !task.equals("generation");
    if (data.path("max_tokens").isNull()) data.set("max_tokens", data.get("max_length"));
    if (data.path("min_tokens").isNull()) {
      data.put(
          "min_tokens",
          answersAreShort ? 1 : Math.min(SHORTEST_PROSE, data.path("max_tokens").asInt() - 1));
    }
    if (evaluate.path("metric").isNull()) evaluate.put("metric", metric(task));
    var deploy = spec.withObject("/deploy");
    if (deploy.path("endpoint").isNull()) deploy.set("endpoint", spec.get("name"));
    if (evaluate.path("incumbent") instanceof ObjectNode incumbent
        && incumbent.path("url").isNull()
        && incumbent.path("endpoint").isNull()) {
      incumbent.set("endpoint", deploy.get("endpoint"));
    }
  }

  private static String metric(String task) {
    return switch (task) {
      case "classification" -> "macro_f1";
      case "extraction" -> "json_exact";
      case "tool_calls" -> "tool_calls_exact";
      case "code" -> "pass_at_1";
      default -> "exact_match";
    };
  }
}
