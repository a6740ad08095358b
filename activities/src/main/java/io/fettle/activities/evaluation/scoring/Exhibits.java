package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.store.Stores;
import java.nio.charset.StandardCharsets;
import java.util.Optional;

/**
 * What a judge is shown, each text between marks that hold its hash: a text that could close its
 * own marks would have to hold its own hash.
 */
final class Exhibits {
  private static final int MARK = 12;

  private Exhibits() {}

  static String of(Answer line) {
    return asked(line) + one("answer", line.answer());
  }

  /** The conversation and, where there is one, the reference. */
  static String asked(Answer line) {
    String reference = line.reference().isBlank() ? "" : one("reference", line.reference());
    return one("conversation", conversation(line.question())) + reference;
  }

  static String one(String name, String text) {
    String mark = Stores.sha256(text.getBytes(StandardCharsets.UTF_8)).substring(0, MARK);
    return "<<%s %s>>\n%s\n<<end %s>>\n".formatted(name, mark, text, mark);
  }

  /** The last turn that is the user's; a question that is no list of messages, as it is. */
  static String asks(String question) {
    String last = "";
    Optional<JsonNode> turns = Json.parse(question).filter(JsonNode::isArray);
    for (JsonNode turn : turns.orElse(MissingNode.getInstance())) {
      last = turn.path("role").asText().equals("user") ? turn.path("content").asText() : last;
    }
    return turns.isPresent() ? last : question;
  }

  /** The turns under their roles; a question that is no list of messages, as it is. */
  static String conversation(String question) {
    Optional<JsonNode> turns = Json.parse(question).filter(JsonNode::isArray);
    if (turns.isEmpty()) {
      return question;
    }
    StringBuilder said = new StringBuilder();
    for (JsonNode turn : turns.get()) {
      said.append(turn.path("role").asText()).append(": ");
      said.append(turn.path("content").asText()).append('\n');
    }
    return said.toString().strip();
  }
}
