package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunStory;
import java.io.IOException;

/** How often each lease's trainer saved, and why; what was decided at a notice. */
final class SavingSection {
  private static final int MOST_LINES = 40;

  private SavingSection() {}

  static Html of(Documents documents, RunStory story) throws IOException {
    Html rows = Html.of("");
    int lines = 0;
    for (LeaseStory lease : story.leases()) {
      String key = "runs/%s/events/%06d.jsonl".formatted(story.run(), lease.number());
      for (JsonNode event : documents.lines(documents.find(key))) {
        String text = text(event);
        if (!text.isEmpty() && lines++ < MOST_LINES) {
          rows.add("<tr><td class=\"n\">%s<td>%s", lease.number(), text);
        }
      }
    }
    if (lines == 0) {
      return rows;
    }
    Html section = Html.of("<section><h2>Checkpoint interval</h2>");
    section.raw("<table><thead><tr><th class=\"n\">lease<th>what the agent chose</thead><tbody>");
    section.add("%s</tbody></table>", rows);
    if (lines > MOST_LINES) {
      section.add("<p class=\"gap\">%s more are in the run's events.</p>", lines - MOST_LINES);
    }
    return section.raw("</section>");
  }

  private static String text(JsonNode event) {
    return switch (event.path("event").asText()) {
      case "interval" ->
          "every %s: %s; stall %s, upload %s, %s interruptions an hour expected"
              .formatted(
                  seconds(event, "every_seconds"),
                  event.path("bound").asText(),
                  seconds(event, "stall_seconds"),
                  seconds(event, "upload_seconds"),
                  Words.measure(event.path("hazard_per_hour").asDouble()));
      case "drain" ->
          "a notice, %s left: %s (step %s, write %s, upload %s)"
              .formatted(
                  seconds(event, "left_seconds"),
                  event.path("asked").asBoolean()
                      ? "a last checkpoint was asked for"
                      : "no last checkpoint, it would not have fitted",
                  seconds(event, "step_seconds"),
                  seconds(event, "write_seconds"),
                  seconds(event, "upload_seconds"));
      default -> "";
    };
  }

  private static String seconds(JsonNode event, String field) {
    return Words.seconds(event.path(field).asDouble());
  }
}
