package io.fettle.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.cli.runs.Records.Kept;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** What a run's model is asked: in the form that it was trained on. */
public final class Questions {
  private static final int MANY_TOKENS = 256;

  private final Records records;
  private final Kept record;

  public Questions(Records records, Kept record) {
    this.records = records;
    this.record = record;
  }

  /**
   * The text as a chat, with the system message that the run's rows begin with, if they have one.
   */
  public List<JsonNode> chat(String text) {
    var messages = new ArrayList<JsonNode>();
    testRows().stream().findFirst().map(Questions::question).stream()
        .flatMap(List::stream)
        .filter(message -> message.path("role").asText().equals("system"))
        .findFirst()
        .ifPresent(messages::add);
    messages.add(message("user", text));
    return messages;
  }

  static JsonNode message(String role, String content) {
    return Wire.mapper().createObjectNode().put("role", role).put("content", content);
  }

  /** A test item: every message but the answer. Empty if the dataset has none of that id. */
  Optional<List<JsonNode>> item(String id) {
    return testRows().stream()
        .filter(row -> row.path("id").asText().equals(id))
        .findFirst()
        .map(Questions::question);
  }

  private List<JsonNode> testRows() {
    return record
        .document("dataset")
        .map(dataset -> records.rows(dataset, "test.jsonl"))
        .orElse(List.of());
  }

  private static List<JsonNode> question(JsonNode row) {
    var messages = new ArrayList<JsonNode>();
    row.path("messages").forEach(messages::add);
    messages.removeLast();
    return messages;
  }

  /** How long an answer may be: as the evaluation allowed. */
  public int maxTokens() {
    return record
        .document("criteria")
        .map(criteria -> records.json(criteria).path("maxTokens").asInt(MANY_TOKENS))
        .orElse(MANY_TOKENS);
  }

  /**
   * A test item that the base model was asked.
   *
   * @param base its answer without examples, as the evaluation recorded it
   * @param expected the row's own answer
   */
  public record Recorded(List<JsonNode> question, String base, String expected) {
    /** What the user says in it. */
    public String text() {
      return question.getLast().path("content").asText();
    }
  }

  /**
   * The first test item where training made the difference, else the first one; empty where nothing
   * was evaluated.
   */
  public Optional<Recorded> telling() {
    var items = record.document("evaluation").map(records::json).map(node -> node.path("items"));
    if (items.isEmpty() || items.get().isEmpty()) {
      return Optional.empty();
    }
    var chosen = items.get().get(0);
    for (var item : items.get()) {
      if (!right(item, "ZERO_SHOT") && right(item, "SERVED")) {
        chosen = item;
        break;
      }
    }
    var item = chosen;
    return item(item.path("id").asText())
        .map(
            question ->
                new Recorded(
                    question,
                    answer(item, "ZERO_SHOT").path("answer").asText(),
                    item.path("reference").asText()));
  }

  private static boolean right(JsonNode item, String arm) {
    return answer(item, arm).path("right").asBoolean();
  }

  private static JsonNode answer(JsonNode item, String arm) {
    for (var answer : item.path("answers")) {
      if (answer.path("arm").asText().equals(arm)) {
        return answer;
      }
    }
    return Wire.mapper().createObjectNode();
  }
}
