package io.fettle.activities.evaluation.scoring;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.Marks.Sheet;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.workflows.evaluation.Scoring;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Marks by a program of the user's: a JSON object {@code {"id", "question", "reference", "answer"}}
 * a line to its input, {@code {"id", "score", "valid"?, "note"?}} a line from its output, in any
 * order. A program that fails, or marks an item twice or not at all, ends the scoring.
 */
final class CommandScorer implements Scorer {
  private final Scoring.Command command;
  private final ScoringOptions options;

  CommandScorer(Scoring.Command command, ScoringOptions options) {
    this.command = command;
    this.options = options;
  }

  @Override
  public Marks mark(List<Answer> arm) throws IOException, InterruptedException {
    StringBuilder input = new StringBuilder();
    for (int i = 0; i < arm.size(); i++) {
      Answer line = arm.get(i);
      input
          .append(
              Wire.mapper()
                  .createObjectNode()
                  .put("id", i + " " + line.id())
                  .put("question", line.question())
                  .put("reference", line.reference())
                  .put("answer", line.answer()))
          .append('\n');
    }
    String output =
        new Programs(options)
            .run(
                new Programs.Call(
                    "the scorer's program",
                    command.command(),
                    Map.of(command.file(), command.program()),
                    input.toString(),
                    command.readOnly(),
                    command.sandbox()),
                command.limits(),
                arm.size());
    return marks(arm, output);
  }

  private static Marks marks(List<Answer> arm, String output) {
    Map<String, JsonNode> replies = new HashMap<>();
    int number = 0;
    for (String line : output.lines().toList()) {
      number++;
      Optional<JsonNode> reply = Json.parse(line);
      String id = reply.map(r -> r.path("id").asText()).orElse("");
      double score = reply.map(r -> r.path("score").asDouble(-1)).orElse(-1.0);
      if (!(score >= 0 && score <= 1) || replies.put(id, reply.orElseThrow()) != null) {
        throw new IllegalArgumentException(
            "line %d of the scorer's program is no object with an id that is new and a score from 0 to 1"
                .formatted(number));
      }
    }
    Sheet sheet = new Sheet(arm.size());
    for (int i = 0; i < arm.size(); i++) {
      JsonNode reply = replies.remove(i + " " + arm.get(i).id());
      if (reply == null) {
        throw new IllegalArgumentException(
            "the scorer's program marked no item %d of %d; it has to write a line for each line that it reads"
                .formatted(i + 1, arm.size()));
      }
      if (reply.path("valid").asBoolean(true)) {
        sheet.mark(i, reply.path("score").asDouble());
        sheet.note(i, reply.path("note").asText(""));
      } else {
        sheet.invalid(i, reply.path("note").asText("invalid"));
      }
    }
    if (!replies.isEmpty()) {
      throw new IllegalArgumentException(
          "the scorer's program marked %d items that it was not given; ids go back as they came"
              .formatted(replies.size()));
    }
    return sheet.mean(false);
  }
}
