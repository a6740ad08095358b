package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** What became of the rows, from the dataset's own report. */
final class DataSection {
  private DataSection() {}

  static Html of(Documents documents) throws IOException {
    Html section = Html.of("<section><h2>Dataset</h2>");
    Optional<JsonNode> report = documents.jsonFile("dataset", "report.json");
    if (report.isEmpty()) {
      return section.raw(
          "<p class=\"gap\">The dataset's report is not in the store.</p></section>");
    }
    JsonNode rows = report.get().path("rows");
    section.add(
        "<p class=\"note\">%s rows read; version <code>%s</code></p>",
        rows.path("stages").path(0).path("seen").asLong(), rows.path("hash").asText());
    parts(section, rows.path("parts"));
    stages(section, rows.path("stages"));
    JsonNode clusters = rows.path("clusters");
    section.add(
        "<p class=\"note\">%s clusters of alike rows, the largest of %s; %s prompts alike are answered differently (%s rows, all kept).</p>",
        clusters.path("clusters").asInt(),
        clusters.path("largest").asInt(),
        rows.path("conflicts").path("prompts").asInt(),
        rows.path("conflicts").path("rows").asInt());
    examples(section, report.get().path("tokens").path("examples"));
    return section.raw("</section>");
  }

  private static void parts(Html section, JsonNode parts) {
    section.raw(
        "<table><thead><tr><th>part<th class=\"n\">rows<th class=\"n\">tokens<th class=\"n\">with loss"
            + "<th class=\"n\">median<th class=\"n\">longest<th>sha256</thead><tbody>");
    for (JsonNode part : parts) {
      section.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td><code>%s</code>",
          part.path("part").asText().toLowerCase(Locale.ROOT),
          part.path("rows").asLong(),
          part.path("tokens").asLong(),
          part.path("supervisedTokens").asLong(),
          part.path("medianTokens").asLong(),
          part.path("longestTokens").asLong(),
          part.path("sha256").asText());
    }
    section.raw("</tbody></table>");
  }

  private static void stages(Html section, JsonNode stages) {
    section.raw(
        "<table><thead><tr><th>stage<th class=\"n\">seen<th class=\"n\">kept<th class=\"n\">dropped"
            + "<th>because the row<th>such as</thead><tbody>");
    for (JsonNode stage : stages) {
      section.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td><td>",
          stage.path("stage").asText(),
          stage.path("seen").asLong(),
          stage.path("kept").asLong(),
          stage.path("seen").asLong() - stage.path("kept").asLong());
      for (JsonNode drop : stage.path("drops")) {
        section.add(
            "<tr class=\"sub\"><td><td><td><td class=\"n\">%s<td>%s<td>%s",
            drop.path("rows").asLong(),
            Words.reason(drop.path("reason").asText()),
            samples(drop.path("samples")));
      }
    }
    section.raw("</tbody></table>");
  }

  private static String samples(JsonNode samples) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < Math.min(3, samples.size()); i++) {
      text.append(i == 0 ? "" : ", ").append(samples.get(i).asText());
    }
    return text.append(samples.size() > 3 ? ", \u2026" : "").toString();
  }

  private static void examples(Html section, JsonNode examples) {
    if (examples.isEmpty()) {
      return;
    }
    section.raw("<details><summary>Rows as the model sees them, the loss marked</summary>");
    for (JsonNode example : examples) {
      String marked =
          Html.escaped(example.path("text").asText())
              .replace("\u27e6", "<mark>")
              .replace("\u27e7", "</mark>");
      section.add("<p class=\"note\">%s</p><pre>", example.path("id").asText());
      section.raw(marked).raw("</pre>");
    }
    section.raw("</details>");
  }
}
