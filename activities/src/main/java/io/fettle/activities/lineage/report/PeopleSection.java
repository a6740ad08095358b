package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;

/** Whose answers people preferred, how far they agree, and how far a judge agrees with them. */
final class PeopleSection {
  private PeopleSection() {}

  /** Nothing where nobody was asked. */
  static Html of(Documents documents) throws IOException {
    Html sheets = new Html();
    for (JsonNode result : documents.ratings()) {
      sheets.add("%s", sheet(result));
    }
    String markup = sheets.toString();
    return markup.isEmpty()
        ? sheets
        : Html.of("<section id=\"people\"><h2>People's ratings</h2>")
            .raw(
                "<p class=\"note\">Blind, each pair in both orders; an answer is preferred where both orders prefer it. With 95 % intervals.</p>")
            .raw(markup)
            .raw("</section>");
  }

  private static Html sheet(JsonNode result) {
    JsonNode summary = result.path("summary");
    String ours = result.path("ours").asText();
    String theirs = result.path("theirs").asText();
    Html html =
        Html.of(
            "<h3>%s against %s</h3><p>%s of %s items rated; mean preference for %s <b>%s</b>, where 0.5 is none (sheet %s).</p>",
            ours,
            theirs,
            summary.path("items").asInt(),
            result.path("items").asInt(),
            ours,
            interval(summary.path("preference")),
            result.path("sheet").asText());
    html.raw("<table><thead><tr><th>preferred<th class=\"n\">items<th>share</thead><tbody>");
    share(html, ours, summary.path("wins"));
    share(html, "neither", summary.path("ties"));
    share(html, theirs, summary.path("losses"));
    html.raw(
        "</tbody></table><table><thead><tr><th>rater<th class=\"n\">items<th class=\"n\">rows without a word<th class=\"n\">same in both orders<th class=\"n\">took the first shown</thead><tbody>");
    for (JsonNode rater : summary.path("raters")) {
      html.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s of %s<td class=\"n\">%s<td class=\"n\">%s",
          rater.path("name").asText(),
          rater.path("items").asInt(),
          rater.path("missing").asInt(),
          rater.path("rows").asInt(),
          Html.number(2, rater.path("consistency").asDouble()),
          Html.number(2, rater.path("firstSlot").asDouble()));
    }
    html.raw("</tbody></table>");
    for (JsonNode agreed : summary.path("agreement")) {
      html.add(
          "<p>%s and %s agree with kappa %s over %s items.</p>",
          agreed.path("one").asText(),
          agreed.path("other").asText(),
          interval(agreed.path("kappa")),
          agreed.path("items").asInt());
    }
    result.path("judges").forEach(judge -> judge(html, ours, judge));
    return html;
  }

  private static void share(Html html, String name, JsonNode share) {
    html.add(
        "<tr><td>%s<td class=\"n\">%s<td>%s",
        name, share.path("items").asInt(), interval(share.path("share")));
  }

  private static void judge(Html html, String ours, JsonNode judge) {
    JsonNode beside = judge.path("beside");
    JsonNode corrected = beside.path("corrected");
    html.add(
        "<p>The %s judge agrees with people with kappa %s over %s items. It prefers %s by %s of %s; %s.</p>",
        judge.path("judge").asText(),
        interval(beside.path("kappa")),
        beside.path("items").asInt(),
        ours,
        Html.number(3, beside.path("judged").asDouble()),
        beside.path("judgedItems").asInt(),
        corrected.isObject()
            ? "corrected by what people say, %s".formatted(interval(corrected))
            : "too few items are left that people did not rate to correct that");
  }

  private static String interval(JsonNode interval) {
    return "%s [%s, %s]"
        .formatted(
            Html.number(2, interval.path("estimate").asDouble()),
            Html.number(2, interval.path("low").asDouble()),
            Html.number(2, interval.path("high").asDouble()));
  }
}
