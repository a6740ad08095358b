package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/**
 * Calls of tools as models write them: the OpenAI API's list, {@code {"name", "arguments"}} alone
 * or in a list, or either in {@code <tool_call>} tags among other text. Arguments may be an object
 * or its text.
 */
record ToolCalls(List<Call> calls) {
  private static final Pattern TAGGED =
      Pattern.compile("<tool_call>(.*?)(?:</tool_call>|$)", Pattern.DOTALL);

  ToolCalls {
    calls = List.copyOf(calls);
  }

  /** A call. */
  record Call(String name, JsonNode arguments) {
    boolean same(Call other) {
      return name.equals(other.name) && Json.same(arguments, other.arguments);
    }
  }

  /**
   * The calls of an answer, none where it is plain text; empty where calls are begun and broken.
   */
  static Optional<ToolCalls> read(String answer) {
    String text = answer.strip();
    if (text.contains("<tool_call>")) {
      return all(
          TAGGED.matcher(text).results().map(MatchResult::group).map(ToolCalls::inside).toList());
    }
    return text.startsWith("{") || text.startsWith("[")
        ? all(List.of(text))
        : Optional.of(new ToolCalls(List.of()));
  }

  private static String inside(String tagged) {
    return tagged.replace("<tool_call>", "").replace("</tool_call>", "");
  }

  private static Optional<ToolCalls> all(List<String> texts) {
    List<Call> calls = new ArrayList<>();
    for (String text : texts) {
      Optional<JsonNode> value = Json.parse(text);
      if (value.isEmpty() || !read(value.get(), calls)) {
        return Optional.empty();
      }
    }
    return Optional.of(new ToolCalls(calls));
  }

  private static boolean read(JsonNode value, List<Call> calls) {
    if (value.isArray()) {
      boolean good = true;
      for (JsonNode item : value) {
        good &= read(item, calls);
      }
      return good;
    }
    if (value.path("tool_calls").isArray()) {
      return read(value.path("tool_calls"), calls);
    }
    JsonNode call = value.path("function").isObject() ? value.path("function") : value;
    JsonNode given = call.has("arguments") ? call.path("arguments") : call.path("parameters");
    Optional<JsonNode> arguments = arguments(given);
    if (!call.path("name").isTextual() || arguments.isEmpty()) {
      return false;
    }
    calls.add(new Call(call.path("name").asText(), arguments.get()));
    return true;
  }

  private static Optional<JsonNode> arguments(JsonNode given) {
    boolean none =
        given.isMissingNode() || given.isNull() || (given.isTextual() && given.asText().isBlank());
    if (none) {
      return Optional.of(Wire.mapper().createObjectNode());
    }
    return (given.isTextual() ? Json.parse(given.asText()) : Optional.of(given))
        .filter(JsonNode::isObject);
  }

  /** Whether both have the same calls, in any order: calls of one turn are made side by side. */
  boolean same(ToolCalls other) {
    List<Call> left = new ArrayList<>(other.calls);
    for (Call call : calls) {
      Optional<Call> match = left.stream().filter(call::same).findFirst();
      if (match.isEmpty()) {
        return false;
      }
      left.remove(match.get());
    }
    return left.isEmpty();
  }

  Map<String, Integer> names() {
    Map<String, Integer> names = new TreeMap<>();
    calls.forEach(call -> names.merge(call.name(), 1, Integer::sum));
    return names;
  }

  /** Every argument under its tool's name. */
  Map<String, Integer> arguments() {
    Map<String, Integer> fields = new TreeMap<>();
    for (Call call : calls) {
      if (!call.arguments().isEmpty()) {
        Json.fields(call.arguments())
            .forEach((field, times) -> fields.merge(call.name() + field, times, Integer::sum));
      }
    }
    return fields;
  }
}
