package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.Context.Shown;
import io.fettle.activities.evaluation.retrieval.Passage;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How an arm asks: the same item, its own prompt. */
final class Prompts {
  private static final String PASSAGES = "These passages may help with the question:";

  private final Arm arm;
  private final String told;
  private final Context context;

  Prompts(Arm arm, Criteria criteria, Context context) {
    this(arm, criteria.systemPrompt(), context);
  }

  /**
   * With an instruction of its own.
   *
   * @param told only to prompted arms
   */
  Prompts(Arm arm, String told, Context context) {
    this.arm = arm;
    this.told = told;
    this.context = context;
  }

  /**
   * Examples drawn once by the criteria's seed, so that every prompt shares their prefix.
   *
   * @param train rows that they may come from
   */
  static Context random(Criteria criteria, List<Item> train, int shots) {
    List<Item> shuffled = new ArrayList<>(train);
    Collections.shuffle(shuffled, new Random(criteria.seed()));
    List<Item> examples = shuffled.subList(0, Math.min(shots, shuffled.size()));
    Shown shown = new Shown(examples, List.of(), List.of());
    return _ -> shown;
  }

  /**
   * One item's prompt.
   *
   * @param messages as the OpenAI API has them
   * @param retrieved as {@link Shown} has it
   */
  record Prompt(List<JsonNode> messages, List<String> retrieved) {
    Prompt {
      messages = List.copyOf(messages);
      retrieved = List.copyOf(retrieved);
    }
  }

  Prompt of(Item item) throws IOException {
    Shown shown = context.of(item);
    List<JsonNode> messages = new ArrayList<>();
    List<JsonNode> turns = new ArrayList<>(item.question());
    String system = system(turns, shown.passages());
    if (!system.isEmpty()) {
      messages.add(message("system", system));
    }
    for (Item example : shown.examples()) {
      example.question().stream()
          .filter(turn -> !Item.role(turn).equals("system"))
          .forEach(messages::add);
      messages.add(message("assistant", example.reference()));
    }
    messages.addAll(turns);
    return new Prompt(messages, shown.retrieved());
  }

  /** Takes the row's system turn off the turns, and adds what only prompted arms are told. */
  private String system(List<JsonNode> turns, List<Passage> passages) {
    String own = "";
    if (!turns.isEmpty() && Item.role(turns.getFirst()).equals("system")) {
      own = turns.removeFirst().path("content").asText();
    }
    StringBuilder system = new StringBuilder(own);
    if (isTold() && !told.isEmpty()) {
      system.append("\n\n").append(told);
    }
    for (int i = 0; i < passages.size(); i++) {
      system
          .append(i == 0 ? "\n\n" + PASSAGES : "")
          .append("\n\n[%d] ".formatted(i + 1))
          .append(passages.get(i).shown());
    }
    return system.length() > own.length() ? system.toString().strip() : own;
  }

  private boolean isTold() {
    return switch (arm) {
      case ZERO_SHOT, FEW_SHOT, RAG, HOSTED -> true;
      case TUNED, SERVED, INCUMBENT, CLASSICAL, UNKNOWN -> false;
    };
  }

  private static JsonNode message(String role, String content) {
    return Wire.mapper().createObjectNode().put("role", role).put("content", content);
  }
}
