package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.workflows.lineage.RunStory;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** A model card: what the model is for, what it saw, what was measured and what it is made of. */
final class ModelCard {
  private ModelCard() {}

  static String of(Documents documents, RunStory story) throws IOException {
    StringBuilder card = new StringBuilder();
    JsonNode spec = documents.json("resolvedSpec").orElse(MissingNode.getInstance());
    String base = spec.path("model").path("id").asText(spec.path("model").path("path").asText());
    String tuning = spec.path("method").path("tuning").asText().toLowerCase(Locale.ROOT);
    card.append("---\nlibrary_name: transformers\npipeline_tag: text-generation\n")
        .append("tags:\n- fettle\n")
        .append(tuning.isEmpty() ? "" : "- " + tuning + "\n")
        .append("---\n\n# ")
        .append(line(story.title()))
        .append("\n\nFine-tuned from `")
        .append(line(base.isEmpty() ? "a base model that is not recorded" : base))
        .append("` by run `")
        .append(story.run())
        .append("`. Outcome: ")
        .append(story.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '))
        .append(story.verdict().isEmpty() ? "" : "; the gate said " + story.verdict())
        .append(".\n\n")
        .append(line(story.why()))
        .append(".\n");
    data(card, documents.jsonFile("dataset", "report.json"));
    training(card, documents.json("training"));
    measured(card, documents.json("evaluation"));
    made(card, story);
    return card.toString();
  }

  private static void data(StringBuilder card, Optional<JsonNode> report) {
    card.append("\n## Training data\n\n");
    if (report.isEmpty()) {
      card.append("The dataset's report is not in the store.\n");
      return;
    }
    JsonNode rows = report.get().path("rows");
    card.append("Dataset version `").append(rows.path("hash").asText()).append("`.\n\n");
    card.append("| part | rows | tokens | longest row |\n| --- | ---: | ---: | ---: |\n");
    for (JsonNode part : rows.path("parts")) {
      card.append(
          "| %s | %d | %d | %d |\n"
              .formatted(
                  part.path("part").asText().toLowerCase(Locale.ROOT),
                  part.path("rows").asLong(),
                  part.path("tokens").asLong(),
                  part.path("longestTokens").asLong()));
    }
  }

  private static void training(StringBuilder card, Optional<JsonNode> training) {
    card.append("\n## Training\n\n");
    if (training.isEmpty()) {
      card.append("Nothing was trained.\n");
      return;
    }
    card.append("| setting | value |\n| --- | --- |\n");
    training
        .get()
        .properties()
        .forEach(
            setting ->
                card.append("| ")
                    .append(setting.getKey())
                    .append(" | ")
                    .append(
                        line(
                            setting.getValue().isValueNode()
                                ? setting.getValue().asText()
                                : setting.getValue().toString()))
                    .append(" |\n"));
  }

  private static void measured(StringBuilder card, Optional<JsonNode> evaluation) {
    card.append("\n## Evaluation\n\n");
    if (evaluation.isEmpty()) {
      card.append("Nothing was measured on the test part.\n");
      return;
    }
    card.append(
        "Metric `%s`, on test items that share no cluster of duplicates with training.\n\n"
            .formatted(evaluation.get().path("criteria").path("metric").asText()));
    card.append("| arm | score | 95 % interval | items |\n| --- | ---: | --- | ---: |\n");
    for (JsonNode score : evaluation.get().path("scores")) {
      if (score.path("part").asText().equals("REGRESSION")) {
        continue;
      }
      card.append(
          "| %s | %s | %s to %s | %d |\n"
              .formatted(
                  Words.arm(score),
                  Html.number(3, score.path("score").asDouble()),
                  Html.number(3, score.path("low").asDouble()),
                  Html.number(3, score.path("high").asDouble()),
                  score.path("items").asInt()));
    }
  }

  private static void made(StringBuilder card, RunStory story) {
    card.append("\n## Provenance\n\n| document | SHA-256 |\n| --- | --- |\n");
    story
        .documents()
        .forEach(
            document ->
                card.append(
                    "| %s | `%s` |\n".formatted(document.name(), document.reference().sha256())));
    card.append("\nExecution `").append(story.execution()).append("`.\n");
  }

  /** Text on one line of a table or a heading. */
  private static String line(String text) {
    return text.replaceAll("\\s+", " ").replace("|", "\\|").replace("<", "&lt;");
  }
}
