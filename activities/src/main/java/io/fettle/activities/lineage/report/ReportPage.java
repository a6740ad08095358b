package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Locale;
import java.util.Optional;

/** Renders a run's story; what it shows of documents is read from the store. */
public final class ReportPage {
  private final ObjectStore store;

  public ReportPage(ObjectStore store) {
    this.store = store;
  }

  /** The page, whole: it loads nothing. */
  public String render(RunStory story) throws IOException {
    StringBuilder page = new StringBuilder();
    page.append("<!doctype html><meta charset=utf-8><title>")
        .append(escaped(story.run()))
        .append("</title>");
    page.append("<h1>")
        .append(escaped(story.title()))
        .append("</h1><p><b>")
        .append(story.outcome())
        .append("</b> ");
    page.append(escaped(story.why())).append("</p>");
    phases(page, story);
    leases(page, story);
    arms(page, story);
    return page.toString();
  }

  private static void phases(StringBuilder page, RunStory story) {
    page.append("<h2>Phases</h2><table><tr><th>phase<th>state<th>seconds<th>result");
    for (PhaseTime phase : story.phases()) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s<td>%s<td>%.1f<td>%s",
              phase.name(),
              phase.state(),
              phase.seconds(),
              escaped(phase.note())));
    }
    page.append("</table>");
  }

  private static void leases(StringBuilder page, RunStory story) {
    page.append("<h2>Leases</h2><table><tr><th>lease<th>host<th>from<th>to<th>ended<th>why");
    for (LeaseStory lease : story.leases()) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%d<td>%s<td>%d<td>%d<td>%s<td>%s",
              lease.number(),
              escaped(lease.host()),
              lease.fromStep(),
              lease.toStep(),
              escaped(lease.ended()),
              escaped(lease.reason())));
    }
    page.append("</table>");
  }

  private void arms(StringBuilder page, RunStory story) throws IOException {
    Optional<RunStory.Document> evaluation =
        story.documents().stream()
            .filter(document -> document.name().equals("evaluation"))
            .findFirst();
    if (evaluation.isEmpty()) {
      return;
    }
    JsonNode details = Wire.mapper().readTree(store.read(evaluation.get().reference()));
    page.append("<h2>Arms on test</h2><table><tr><th>arm<th>score<th>95 % interval<th>items");
    for (JsonNode score : details.path("scores")) {
      page.append(
          String.format(
              Locale.ROOT,
              "<tr><td>%s<td>%.3f<td>%.3f to %.3f<td>%d",
              escaped(score.path("arm").asText()),
              score.path("score").asDouble(),
              score.path("low").asDouble(),
              score.path("high").asDouble(),
              score.path("items").asInt()));
    }
    page.append("</table>");
  }

  private static String escaped(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }
}
