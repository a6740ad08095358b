package io.fettle.benchmarks.gate;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.List;

/**
 * A request for a chat completion, as rules look at it.
 *
 * @param system all system turns
 * @param question the last user turn
 * @param everything every turn's text
 * @param examples assistant turns before the question
 * @param constrained whether the answer's form is enforced, as OpenAI, vLLM or SGLang have it
 */
record Asked(
    String model,
    String system,
    String question,
    String everything,
    int examples,
    boolean constrained) {
  private static final List<String> ENFORCING =
      List.of(
          "structured_outputs",
          "guided_choice",
          "guided_json",
          "guided_regex",
          "guided_grammar",
          "json_schema",
          "regex",
          "ebnf");

  static Asked of(JsonNode request) {
    List<String> system = new ArrayList<>();
    List<String> everything = new ArrayList<>();
    String question = "";
    int examples = 0;
    for (JsonNode turn : request.path("messages")) {
      String text = text(turn.path("content"));
      everything.add(text);
      switch (turn.path("role").asText()) {
        case "system", "developer" -> system.add(text);
        case "user" -> question = text;
        case "assistant" -> examples++;
        default -> {}
      }
    }
    return new Asked(
        request.path("model").asText(),
        String.join("\n", system),
        question,
        String.join("\n", everything),
        examples,
        constrained(request));
  }

  /** Content is a text, or a list of parts with texts. */
  private static String text(JsonNode content) {
    if (content.isTextual()) {
      return content.asText();
    }
    List<String> parts = new ArrayList<>();
    content.forEach(part -> parts.add(part.path("text").asText()));
    return String.join("\n", parts);
  }

  private static boolean constrained(JsonNode request) {
    boolean form = request.path("response_format").path("type").asText("text").startsWith("json");
    return form || ENFORCING.stream().anyMatch(request::hasNonNull);
  }
}
