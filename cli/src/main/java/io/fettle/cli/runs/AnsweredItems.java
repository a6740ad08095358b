package io.fettle.cli.runs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.lineage.report.Words;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** The test items of an evaluated run, as its arms answered them. */
final class AnsweredItems {
  private final Records records;
  private final Records.Kept run;
  private final JsonNode evaluation;

  /**
   * Of one execution.
   *
   * @throws CommandFailure where nothing was evaluated
   */
  AnsweredItems(Records records, Records.Kept run) {
    this.records = records;
    this.run = run;
    this.evaluation =
        run.document("evaluation")
            .map(records::json)
            .filter(details -> !details.path("items").isEmpty())
            .orElseThrow(
                () ->
                    new CommandFailure(
                        ExitCode.INVALID,
                        "%s has no answers to test items (it ended %s); people rate what a gate has compared"
                            .formatted(run.story().run(), run.story().outcome())));
  }

  JsonNode evaluation() {
    return evaluation;
  }

  /** In the order of the report. */
  List<String> arms() {
    List<String> names = new ArrayList<>();
    evaluation.path("items").path(0).path("answers").forEach(arm -> names.add(Words.arm(arm)));
    return names;
  }

  /**
   * The arm that is meant: by its name or a prefix of it that no other has.
   *
   * @throws CommandFailure with the names that there are
   */
  String arm(String given) {
    String wanted = given.strip().toLowerCase(Locale.ROOT);
    if (arms().contains(wanted)) {
      return wanted;
    }
    List<String> found =
        wanted.isEmpty()
            ? List.of()
            : arms().stream()
                .filter(name -> name.toLowerCase(Locale.ROOT).startsWith(wanted))
                .toList();
    if (found.size() != 1) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s arm of %s is called \"%s\"; there is %s"
              .formatted(
                  found.isEmpty() ? "no" : "more than one",
                  run.story().run(),
                  given,
                  String.join(", ", arms())));
    }
    return found.getFirst();
  }

  /** One arm's answers in the items' order, each with what was asked. */
  List<Answer> answers(String arm) {
    int place = arms().indexOf(arm);
    Map<String, String> questions = questions();
    List<Answer> answers = new ArrayList<>();
    for (JsonNode item : evaluation.path("items")) {
      String id = item.path("id").asText();
      answers.add(
          new Answer(
              id,
              questions.getOrDefault(id, ""),
              item.path("reference").asText(),
              item.path("answers").path(place).path("answer").asText()));
    }
    return answers;
  }

  /** One arm's marks by item. */
  Map<String, Double> marks(String arm) {
    int place = arms().indexOf(arm);
    Map<String, Double> marks = new LinkedHashMap<>();
    for (JsonNode item : evaluation.path("items")) {
      marks.put(item.path("id").asText(), item.path("answers").path(place).path("mark").asDouble());
    }
    return marks;
  }

  private Map<String, String> questions() {
    Map<String, String> questions = new HashMap<>();
    run.document("dataset")
        .map(dataset -> records.rows(dataset, "test.jsonl"))
        .orElse(List.of())
        .forEach(row -> questions.put(row.path("id").asText(), question(row)));
    return questions;
  }

  /** The turns before the answer under their roles; a user's only turn as it is. */
  private static String question(JsonNode row) {
    List<JsonNode> turns = new ArrayList<>();
    row.path("messages").forEach(turns::add);
    if (!turns.isEmpty() && turns.getLast().path("role").asText().equals("assistant")) {
      turns.removeLast();
    }
    if (turns.size() == 1) {
      return turns.getFirst().path("content").asText();
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode turn : turns) {
      text.append(turn.path("role").asText()).append(": ");
      text.append(turn.path("content").asText()).append('\n');
    }
    return text.toString().strip();
  }
}
