package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.lineage.report.IntervalChart.Row;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/** What was measured: arms with their intervals, and the gate's comparisons. */
final class EvaluationSections {

  /** From this format of criteria on, alpha is each side's. */
  private static final int ONE_SIDED = 2;

  private final Documents documents;

  EvaluationSections(Documents documents) {
    this.documents = documents;
  }

  Html arms() throws IOException {
    Html section = Html.of("<section><h2>Arms</h2>");
    arms(section, "test", "evaluation", "no candidate was evaluated on the test part");
    arms(section, "dev", "baselines", "no prompted arm was scored on dev");
    return section.raw("</section>");
  }

  private void arms(Html section, String part, String document, String gap) throws IOException {
    Optional<JsonNode> details = documents.json(document);
    section.add("<h3>On %s</h3>", part);
    if (details.isEmpty()) {
      section.add(
          "<p class=\"gap\">%s</p>",
          documents.reference(document).isPresent()
              ? "The %s document is not in the store any more.".formatted(document)
              : "In this run %s.".formatted(gap));
      return;
    }
    JsonNode criteria = details.get().path("criteria");
    section.add(
        "<p class=\"note\">%s, with 95 %% intervals; criteria %s</p>",
        criteria.path("metric").asText().toLowerCase(Locale.ROOT).replace('_', ' '),
        shortened(details.get().path("criteriaSha256").asText()));
    scoredBy(section, details.get().path("scoredBy"));
    if (document.equals("baselines") && documents.reference("evaluation").isEmpty()) {
      warnings(section, details.get());
    }
    List<Row> rows = new ArrayList<>();
    for (JsonNode score : details.get().path("scores")) {
      boolean general = score.path("part").asText().equals("REGRESSION");
      rows.add(arm(score, general ? " on the general set" : ""));
    }
    section.add("%s", IntervalChart.of("arms on " + part, rows, 0, 1));
    for (JsonNode answers : details.get().path("answers")) {
      retrieval(section, answers);
    }
  }

  private static void scoredBy(Html section, JsonNode programs) {
    programs
        .properties()
        .forEach(
            each ->
                section.add(
                    "<p class=\"note\">Scored by %s: %s</p>",
                    each.getKey(), each.getValue().asText()));
  }

  /** What was searched; a weak search is no weak model. */
  private static void retrieval(Html section, JsonNode answers) {
    JsonNode retrieval = answers.path("retrieval");
    int judged = retrieval.path("judged").asInt();
    if (retrieval.isObject()) {
      section.add(
          "<p class=\"note\">%s searched %s passages; %s were left out because they hold an item of dev or test. %s</p>",
          Words.arm(answers),
          retrieval.path("passages").asInt(),
          retrieval.path("leftOut").asInt(),
          judged == 0
              ? "Whether it found the right ones is not known."
              : "What it found held the answer of %s of %d items."
                  .formatted(retrieval.path("hits").asInt(), judged));
    }
  }

  private static Row arm(JsonNode score, String set) {
    int invalid = score.path("invalid").asInt();
    String note =
        "%s  [%s, %s]  of %d%s"
            .formatted(
                Html.number(3, score.path("score").asDouble()),
                Html.number(3, score.path("low").asDouble()),
                Html.number(3, score.path("high").asDouble()),
                score.path("items").asInt(),
                invalid > 0 ? ", %d out of form".formatted(invalid) : "");
    return new Row(
        Words.arm(score) + set,
        score.path("arm").asText().equals("SERVED") ? "served" : "arm",
        score.path("score").asDouble(),
        score.path("low").asDouble(),
        score.path("high").asDouble(),
        Double.NaN,
        note);
  }

  Html comparisons() throws IOException {
    JsonNode details = documents.json("evaluation").orElse(MissingNode.getInstance());
    JsonNode comparisons = details.path("comparisons");
    Html section = Html.of("<section><h2>Comparisons of the gate</h2>");
    if (comparisons.isEmpty()) {
      return section.raw("<p class=\"gap\">The gate compared nothing in this run.</p></section>");
    }
    JsonNode criteria = details.path("criteria");
    double alpha = criteria.path("alpha").asDouble(0.025);
    boolean oneSided = criteria.path("format").asInt() >= ONE_SIDED;
    section.add(
        "<p class=\"note\">Paired differences on the same items, with %s %% intervals. A condition passes where the whole interval lies above its bound (the red mark).</p>",
        Html.number(0, (1 - (oneSided ? 2 * alpha : alpha)) * 100));
    List<Row> rows = new ArrayList<>();
    double low = 0;
    double high = 0;
    for (JsonNode comparison : comparisons) {
      Row row = comparison(comparison);
      rows.add(row);
      low = Math.min(low, Math.min(row.low(), row.bound()));
      high = Math.max(high, Math.max(row.high(), row.bound()));
    }
    double room = Math.max(0.02, (high - low) * 0.05);
    return section.add(
        "%s%s</section>",
        IntervalChart.of(
            "paired differences", rows, Math.max(-1, low - room), Math.min(1, high + room)),
        tests(details));
  }

  /** By which test, over how many, and what it would take where that was not enough. */
  private static Html tests(JsonNode details) {
    Html table =
        Html.of(
            "<table><thead><tr><th>condition<th>test<th class=\"n\">items<th class=\"n\">clusters<th class=\"n\">would decide</thead><tbody>");
    for (JsonNode comparison : details.path("comparisons")) {
      table.add(
          "<tr><td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s",
          comparison.path("name").asText().replace('_', '-'),
          comparison.path("method").asText(),
          comparison.path("items").asInt(),
          comparison.path("clusters").asInt(),
          isUndecided(comparison) ? Long.toString(comparison.path("needed").asLong()) : "");
    }
    table.raw("</tbody></table>");
    for (JsonNode limit : details.path("limits")) {
      table.add(
          "<p>%s: %s [%s, %s], may be %s: <b>%s</b>%s</p>",
          limit.path("name").asText(),
          Words.measure(limit.path("value").asDouble()),
          Words.measure(limit.path("low").asDouble()),
          Words.measure(limit.path("high").asDouble()),
          Words.measure(limit.path("most").asDouble()),
          limit.path("verdict").asText(),
          isUndecided(limit)
              ? "; of %d answers, %d would decide it"
                  .formatted(limit.path("items").asInt(), limit.path("needed").asLong())
              : "");
    }
    warnings(table, details);
    return table;
  }

  private static void warnings(Html section, JsonNode details) {
    for (JsonNode warning : details.path("warnings")) {
      section.add("<p class=\"note\">Mind: %s.</p>", warning.asText());
    }
  }

  /** By what there was, but not by more. */
  private static boolean isUndecided(JsonNode condition) {
    return condition.path("verdict").asText().equals("INCONCLUSIVE")
        && condition.path("needed").asLong() > 0;
  }

  /** Where nothing was tried on the failures, all of them remain, which says nothing. */
  private static boolean tellsCauses(JsonNode anatomy) {
    for (JsonNode share : anatomy) {
      if (!share.path("cause").asText().equals("REMAINING") && share.path("items").asInt() > 0) {
        return true;
      }
    }
    return false;
  }

  /** Whether to train at all, as it was found before anything was trained. */
  Html advice() throws IOException {
    JsonNode finding =
        documents.json("baselines").orElse(MissingNode.getInstance()).path("finding");
    if (finding.isMissingNode()) {
      return new Html();
    }
    Html section =
        Html.of(
            "<section id=\"advice\"><h2>Advice before training: %s</h2><p>%s</p><p class=\"note\">Cheapest next experiment: %s</p>",
            finding.path("advice").asText().replace("_AND_", " + ").replace('_', '-'),
            finding.path("why").asText(),
            finding.path("next").asText());
    if (tellsCauses(finding.path("anatomy"))) {
      section.raw(
          "<table><thead><tr><th>failures for want of<th class=\"n\">items<th>share, 95 %</thead><tbody>");
      for (JsonNode share : finding.path("anatomy")) {
        section.add(
            "<tr><td>%s<td class=\"n\">%s<td>%s [%s, %s]",
            share.path("cause").asText().toLowerCase(Locale.ROOT),
            share.path("items").asInt(),
            Html.number(2, share.path("share").asDouble()),
            Html.number(2, share.path("low").asDouble()),
            Html.number(2, share.path("high").asDouble()));
      }
      section.raw("</tbody></table>");
    }
    section.raw("<ul class=\"why\">");
    finding.path("remarks").forEach(remark -> section.add("<li>%s", remark.asText()));
    return section.add("</ul>%s</section>", learningCurve(finding));
  }

  /** With the run's own model as its last point, where there is one by now. */
  private Html learningCurve(JsonNode advised) throws IOException {
    JsonNode curve =
        documents
            .json("curve")
            .map(details -> details.path("finding"))
            .orElse(advised)
            .path("curve");
    return curve.path("points").isEmpty()
        ? new Html()
        : Html.of(
            "<h3>Learning curve</h3><p class=\"note\">mean mark on dev, with its interval; dashed: what the law says of more rows</p>%s<p>%s</p>",
            LearningChart.of(curve), curve.path("said").asText());
  }

  private static Row comparison(JsonNode comparison) {
    String verdict = comparison.path("verdict").asText();
    return new Row(
        comparison.path("name").asText().replace('_', '-'),
        verdict.toLowerCase(Locale.ROOT),
        comparison.path("difference").asDouble(),
        comparison.path("low").asDouble(),
        comparison.path("high").asDouble(),
        comparison.path("bound").asDouble(),
        "%s  [%s, %s] > %s: %s"
            .formatted(
                signed(comparison.path("difference")),
                signed(comparison.path("low")),
                signed(comparison.path("high")),
                signed(comparison.path("bound")),
                verdict));
  }

  private static String signed(JsonNode value) {
    return (value.asDouble() < 0 ? "" : "+") + Html.number(3, value.asDouble());
  }

  private static String shortened(String hash) {
    return hash.length() <= 12 ? hash : hash.substring(0, 12);
  }
}
