package io.fettle.activities.evaluation;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.wire.Wire;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;

/** How an arm asks: the same item, its own prompt. */
final class Prompts {
  private final Arm arm;
  private final Criteria criteria;
  private final List<Item> examples;

  /**
   * An arm's prompts.
   *
   * @param train rows that examples may come from
   * @param shots how many; drawn once by the criteria's seed, so that every prompt shares their
   *     prefix
   */
  Prompts(Arm arm, Criteria criteria, List<Item> train, int shots) {
    this.arm = arm;
    this.criteria = criteria;
    List<Item> shuffled = new ArrayList<>(train);
    Collections.shuffle(shuffled, new Random(criteria.seed()));
    this.examples = List.copyOf(shuffled.subList(0, Math.min(shots, shuffled.size())));
  }

  List<JsonNode> messages(Item item) {
    List<JsonNode> messages = new ArrayList<>();
    List<JsonNode> turns = new ArrayList<>(item.question());
    String system = system(turns);
    if (!system.isEmpty()) {
      messages.add(message("system", system));
    }
    for (Item example : examples) {
      example.question().stream()
          .filter(turn -> !role(turn).equals("system"))
          .forEach(messages::add);
      messages.add(message("assistant", example.reference()));
    }
    messages.addAll(turns);
    return messages;
  }

  /** Takes the row's system turn off the turns, and adds what only prompted arms are told. */
  private String system(List<JsonNode> turns) {
    String own = "";
    if (!turns.isEmpty() && role(turns.getFirst()).equals("system")) {
      own = turns.removeFirst().path("content").asText();
    }
    boolean prompted = arm == Arm.ZERO_SHOT || arm == Arm.FEW_SHOT || arm == Arm.RAG;
    boolean told = prompted && !criteria.systemPrompt().isEmpty();
    return told ? (own + "\n\n" + criteria.systemPrompt()).strip() : own;
  }

  private static String role(JsonNode turn) {
    return turn.path("role").asText();
  }

  private static JsonNode message(String role, String content) {
    return Wire.mapper().createObjectNode().put("role", role).put("content", content);
  }
}
