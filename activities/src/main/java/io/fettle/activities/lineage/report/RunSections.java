package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Collectors;

/** What happened: outcome, curve, phases, leases, and what it was made of. */
final class RunSections {
  private static final double MILLIS = 1_000.0;
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm:ss 'UTC'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Documents documents;
  private final RunStory story;

  RunSections(Documents documents, RunStory story) {
    this.documents = documents;
    this.story = story;
  }

  Html headline() {
    Html header =
        Html.of(
            "<header><p class=\"run\">%s</p><h1>%s</h1><p><span class=\"badge %s\">%s</span>",
            story.run(),
            story.title(),
            badge(),
            story.outcome().name().toLowerCase(Locale.ROOT).replace('_', ' '));
    if (!story.verdict().isEmpty()) {
      header.add(
          " <span class=\"badge %s\">gate: %s</span>", badge(story.verdict()), story.verdict());
    }
    header.raw("</p><ul class=\"why\">");
    for (String reason : story.why().split("; ")) {
      header.add("<li>%s", reason);
    }
    header.raw("</ul>");
    story
        .endpoint()
        .ifPresent(
            name ->
                header.add(
                    "<p>Endpoint <code>%s</code> serves <code>%s</code>.</p>",
                    name, story.modelId()));
    return header.raw("</header>");
  }

  private String badge() {
    return switch (story.outcome()) {
      case DEPLOYED, EVALUATED -> "pass";
      case REFUSED -> "fail";
      case ADVISED, ADVISED_AGAINST, NOT_APPROVED, UNKNOWN -> "inconclusive";
    };
  }

  private static String badge(String verdict) {
    return switch (verdict) {
      case "PASS" -> "pass";
      case "FAIL" -> "fail";
      default -> "inconclusive";
    };
  }

  Html curve() throws IOException {
    Html section = Html.of("<section><h2>Loss</h2>");
    Curve curve = Curve.read(documents, story);
    if (curve.isEmpty()) {
      return section.add(
          "<p class=\"gap\">%s</p></section>",
          documents.reference("manifest").isPresent()
              ? "The trainer's events are not in the store."
              : "Nothing was trained in this run.");
    }
    section.raw(
        "<p class=\"legend\"><i class=\"train\"></i>train <i class=\"dev\"></i>dev"
            + " <i class=\"chosen\"></i>chosen checkpoint");
    if (curve.leases().size() > 1) {
      section.raw(" <i class=\"band\"></i>steps that were done again after an interruption");
    }
    return section.add("; nats per supervised token</p>%s</section>", LossChart.of(curve));
  }

  Html phases() {
    List<PhaseTime> phases = story.phases();
    long start = phases.stream().mapToLong(PhaseTime::startedMillis).min().orElse(0);
    double total =
        phases.stream()
            .mapToDouble(p -> (p.startedMillis() - start) / MILLIS + p.seconds())
            .max()
            .orElse(0);
    Html section = Html.of("<section><h2>Phases</h2>");
    section.add(
        "<p class=\"note\">%s in all, from %s</p><table class=\"phases\"><thead><tr><th>phase<th>state<th class=\"n\">time<th class=\"bar\">when<th>result</thead><tbody>",
        Words.seconds(total), TIME.format(Instant.ofEpochMilli(start)));
    for (PhaseTime phase : phases) {
      double from = total > 0 ? (phase.startedMillis() - start) / MILLIS / total * 100 : 0;
      double width = total > 0 ? Math.max(0.4, phase.seconds() / total * 100) : 0;
      section.add(
          "<tr><td>%s<td>%s<td class=\"n\">%s<td class=\"bar\"><span class=\"%s\" style=\"margin-left:%s%%;width:%s%%\"></span><td>%s",
          phase.name(),
          phase.state().equals("running") ? "this page" : phase.state(),
          phase.state().equals("running") ? "" : Words.seconds(phase.seconds()),
          phase.state(),
          Html.number(2, Math.min(from, 99.6)),
          Html.number(2, Math.min(width, 100 - Math.min(from, 99.6))),
          phase.note());
    }
    return section.raw("</tbody></table></section>");
  }

  Html leases() {
    Html section = Html.of("<section><h2>Leases</h2>");
    if (story.leases().isEmpty()) {
      return section.raw(
          "<p class=\"gap\">This execution opened no lease: the train was reused, or never began.</p></section>");
    }
    section.raw(
        "<table><thead><tr><th class=\"n\">lease<th>host<th>went on from<th class=\"n\">to step<th class=\"n\">time<th>ended<th>why</thead><tbody>");
    for (LeaseStory lease : story.leases()) {
      section.add(
          "<tr><td class=\"n\">%s<td>%s<td>%s<td class=\"n\">%s<td class=\"n\">%s<td>%s<td>%s",
          lease.number(),
          lease.host(),
          lease.fromLease() == 0
              ? "step 0"
              : "step %d of lease %d".formatted(lease.fromStep(), lease.fromLease()),
          lease.toStep(),
          lease.endedMillis() > 0
              ? Words.seconds((lease.endedMillis() - lease.startedMillis()) / MILLIS)
              : "",
          lease.ended(),
          lease.reason());
    }
    return section.raw("</tbody></table></section>");
  }

  /** Empty where nobody gave the run an order. */
  Html orders() {
    if (story.audit().isEmpty()) {
      return new Html();
    }
    Html section =
        Html.of(
            "<section><h2>Operators</h2><table><thead><tr><th>when<th>who<th>what<th>before<th>after<th>why</thead><tbody>");
    for (AuditEntry order : story.audit()) {
      section.add(
          "<tr><td>%s<td>%s<td>%s<td>%s<td>%s<td>%s",
          TIME.format(Instant.ofEpochMilli(order.atMillis())),
          order.by(),
          order.action(),
          order.before(),
          order.after(),
          order.reason());
    }
    return section.raw("</tbody></table></section>");
  }

  Html artifacts() throws IOException {
    Html section = Html.of("<section><h2>Merge and quantize</h2>");
    boolean any = artifact(section, "merge", "merged");
    any |= artifact(section, "quantize", "artifact");
    return any
        ? section.raw("</section>")
        : section.raw("<p class=\"gap\">No artifact was made in this run.</p></section>");
  }

  private boolean artifact(Html section, String step, String document) throws IOException {
    Optional<JsonNode> artifact = documents.artifact(step, document);
    if (artifact.isEmpty()) {
      return false;
    }
    section.add(
        "<h3>%s</h3><p class=\"note\">%s, %s</p><dl>",
        step,
        artifact.get().path("kind").asText(),
        Words.bytes(artifact.get().path("bytes").asLong()));
    for (JsonNode measure : artifact.get().path("measures")) {
      section.add(
          "<dt>%s<dd>%s",
          measure.path("name").asText().replace('_', ' '),
          Words.measure(measure.path("value").asDouble()));
    }
    section.raw("</dl>");
    return true;
  }

  Html versions() throws IOException {
    Html section = Html.of("<section><h2>Versions</h2><dl>");
    section.add("<dt>run<dd>%s<dt>execution<dd>%s", story.run(), story.execution());
    String packages =
        documents
            .trainerManifest()
            .orElse(MissingNode.getInstance())
            .path("trainer")
            .properties()
            .stream()
            .map(each -> each.getKey() + " " + each.getValue().asText())
            .collect(Collectors.joining(", "));
    section.add(
        "<dt>trainer<dd>%s",
        packages.isEmpty() ? "unknown: no checkpoint's manifest is in the store" : packages);
    baseModel(section);
    section.raw("</dl><table><thead><tr><th>document<th>sha256<th>where</thead><tbody>");
    for (RunStory.Document document : story.documents()) {
      section.add(
          "<tr><td>%s<td><code>%s</code><td class=\"where\">%s",
          document.name(), document.reference().sha256(), document.reference().uri());
    }
    section.raw("</tbody></table>");
    settings(section, "training", "What the trainer was told");
    settings(section, "resolvedSpec", "The spec, resolved");
    return section.raw("</section>");
  }

  private void baseModel(Html section) throws IOException {
    JsonNode source =
        documents.json("resolvedSpec").orElse(MissingNode.getInstance()).path("model");
    long bytes = 0;
    JsonNode files = documents.json("baseModel").orElse(MissingNode.getInstance()).path("files");
    for (JsonNode file : files) {
      bytes += file.path("bytes").asLong();
    }
    section.add(
        "<dt>base model<dd>%s %s%s, %s in %s files",
        source.path("source").asText(),
        source.path("id").asText(source.path("path").asText()),
        source.path("revision").isTextual() ? " at " + source.path("revision").asText() : "",
        Words.bytes(bytes),
        files.size());
  }

  private void settings(Html section, String document, String title) throws IOException {
    Optional<JsonNode> settings = documents.json(document);
    if (settings.isPresent()) {
      section.add(
          "<details><summary>%s</summary><pre>%s</pre></details>",
          title, Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsString(settings.get()));
    }
  }
}
