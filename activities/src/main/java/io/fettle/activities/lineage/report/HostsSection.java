package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.lineage.RunStory;
import java.io.IOException;
import java.util.Locale;

/** The hosts that were launched for the run, what each cost and why it ended. */
final class HostsSection {
  private HostsSection() {}

  static Html of(Documents documents, RunStory story) throws IOException {
    Html rows = Html.of("");
    double dollars = 0;
    int hosts = 0;
    int unpriced = 0;
    for (JsonNode ended : documents.all("runs/%s/acquisitions/".formatted(story.run()))) {
      if (!ended.path("machine").asText().isEmpty()) {
        hosts++;
        dollars += ended.path("dollars").asDouble();
        unpriced += ended.has("dollars") ? 0 : 1;
        rows.add("%s", row(ended));
      }
    }
    if (hosts == 0) {
      return rows;
    }
    Html section = Html.of("<section><h2>Hosts</h2>");
    section.add(
        "<p>%s cost %s dollars", hosts == 1 ? "One host" : hosts + " hosts", money(dollars));
    section.add("%s.</p>", unpriced == 0 ? "" : ", without " + unpriced + " of unknown price");
    section.raw("<table><thead><tr><th>machine<th>market<th class=\"n\">hours");
    section.raw("<th class=\"n\">dollars<th>ended</thead><tbody>");
    return section.add("%s</tbody></table></section>", rows);
  }

  private static Html row(JsonNode ended) {
    return Html.of(
        "<tr><td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s<td>%s",
        "%s in %s of %s"
            .formatted(
                ended.path("place").path("type").asText(),
                ended.path("place").path("zone").asText(),
                ended.path("pool").asText()),
        ended.path("market").asText().toLowerCase(Locale.ROOT).replace('_', '-'),
        Html.number(2, ended.path("seconds").asDouble() / 3600),
        ended.has("dollars") ? money(ended.path("dollars").asDouble()) : "not known",
        ended.path("reason").asText());
  }

  private static String money(double dollars) {
    return Html.number(2, dollars);
  }
}
