package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * One row as a question: every message but the last assistant turn, which is the reference answer.
 *
 * @param id the row's id
 * @param question messages as the OpenAI API has them
 * @param reference the answer that counts as right
 * @param tools that the row declares
 */
record Item(String id, List<JsonNode> question, String reference, List<JsonNode> tools) {
  private static final Pattern WORD = Pattern.compile("\\S+");

  Item {
    question = List.copyOf(question);
    tools = List.copyOf(tools);
  }

  /** What the user asks: the last turn that is the user's. */
  String asked() {
    return question.reversed().stream()
        .filter(turn -> role(turn).equals("user"))
        .findFirst()
        .map(turn -> turn.path("content").asText())
        .orElse("");
  }

  /** The question with its answer, to search by. */
  Item withAnswer() {
    return asking(id, asked() + "\n" + reference, reference);
  }

  /** Words of all turns. */
  int words() {
    return question.stream().mapToInt(turn -> words(turn.path("content").asText())).sum();
  }

  static int words(String text) {
    return (int) WORD.matcher(text).results().count();
  }

  static String role(JsonNode turn) {
    return turn.path("role").asText();
  }

  /** The items of one part of a dataset, in its order. */
  static List<Item> read(Path rows) throws IOException {
    List<Item> items = new ArrayList<>();
    try (BufferedReader lines = Files.newBufferedReader(rows)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        items.add(of(Wire.mapper().readTree(line)));
      }
    }
    return items;
  }

  /** One question of one turn. */
  static Item asking(String id, String prompt, String reference) {
    JsonNode turn = Wire.mapper().createObjectNode().put("role", "user").put("content", prompt);
    return new Item(id, List.of(turn), reference, List.of());
  }

  static Item of(JsonNode row) {
    List<JsonNode> messages = new ArrayList<>();
    row.path("messages").forEach(messages::add);
    JsonNode answer = messages.removeLast();
    List<JsonNode> tools = new ArrayList<>();
    row.path("tools").forEach(tools::add);
    return new Item(row.path("id").asText(), messages, said(answer), tools);
  }

  /** What an assistant's turn says: its text, or the calls that it makes instead, as JSON. */
  private static String said(JsonNode turn) {
    String text = turn.path("content").asText("");
    boolean calls = text.isBlank() && !turn.path("tool_calls").isEmpty();
    return calls ? turn.path("tool_calls").toString() : text;
  }
}
