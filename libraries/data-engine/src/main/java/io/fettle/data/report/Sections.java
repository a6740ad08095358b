package io.fettle.data.report;

import io.fettle.data.report.PreparedStory.Batch;
import io.fettle.data.report.PreparedStory.Benchmark;
import io.fettle.data.report.PreparedStory.Cluster;
import io.fettle.data.report.PreparedStory.Conflict;
import io.fettle.data.report.PreparedStory.Drop;
import io.fettle.data.report.PreparedStory.Example;
import io.fettle.data.report.PreparedStory.Folder;
import io.fettle.data.report.PreparedStory.Held;
import io.fettle.data.report.PreparedStory.Part;
import io.fettle.data.report.PreparedStory.Sample;
import io.fettle.data.report.PreparedStory.Span;
import io.fettle.data.report.PreparedStory.StageCount;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The page, a section at a time. */
final class Sections {
  /** Of one text; what lies behind it is counted. A page must open on a laptop. */
  static final int MOST_LETTERS = 2_000;

  private static final int IDS = 3;

  private final PreparedStory story;

  Sections(PreparedStory story) {
    this.story = story;
  }

  Html headline() {
    var parts = new Html();
    for (Part part : story.parts()) {
      parts.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s",
          part.name(), part.rows(), part.tokens(), part.supervisedTokens());
    }
    return Html.of(
        "<header><h1>%s</h1><dl><dt>dataset<dd><code id=\"dataset\">%s</code><dt>manifest<dd><code>%s</code></dl>"
            + "<table id=\"parts\"><thead><tr><th>part<th class=\"n\">rows<th class=\"n\">tokens<th class=\"n\">with loss</thead>"
            + "<tbody>%s</tbody></table></header>",
        story.title(), story.dataset(), story.manifest(), parts);
  }

  Html folders() {
    if (story.folders().isEmpty()) {
      return new Html();
    }
    var section = Html.of("<section><h2>Folders</h2>");
    for (Folder folder : story.folders()) {
      section.add(
          "<p>%s: %s files of rows; %s</p>",
          folder.name(),
          folder.files(),
          folder.leftOut().isEmpty() ? "nothing left out" : folder.leftOut());
    }
    return section.raw("</section>");
  }

  Html stages() {
    Map<String, List<StageCount>> byStage = new LinkedHashMap<>();
    story
        .stages()
        .forEach(
            count -> byStage.computeIfAbsent(count.stage(), _ -> new ArrayList<>()).add(count));
    var rows = new Html();
    byStage.forEach(
        (stage, sources) -> {
          long seen = sources.stream().mapToLong(StageCount::seen).sum();
          long kept = sources.stream().mapToLong(StageCount::kept).sum();
          rows.add(
              "<tr class=\"stage\"><th>%s<td><td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td><td>",
              stage, seen, kept, seen - kept);
          sources.forEach(source -> source(rows, source));
        });
    return Html.of(
        "<section><h2>Stages and sources</h2><table id=\"stages\"><thead><tr><th>stage<th>source<th class=\"n\">seen<th class=\"n\">kept<th class=\"n\">dropped<th>because the row<th>such as</thead>"
            + "<tbody>%s</tbody></table></section>",
        rows);
  }

  private static void source(Html rows, StageCount count) {
    rows.add(
        "<tr class=\"sub\"><td><td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td><td>",
        count.source(), count.seen(), count.kept(), count.seen() - count.kept());
    for (Drop drop : count.drops()) {
      List<String> ids = drop.samples().subList(0, Math.min(IDS, drop.samples().size()));
      rows.add(
          "<tr class=\"sub\"><td><td><td><td><td class=\"n\">%s<td>%s<td>%s",
          drop.rows(),
          drop.reason(),
          String.join(", ", ids) + (drop.samples().size() > IDS ? ", \u2026" : ""));
    }
  }

  Html lengths() {
    var section = Html.of("<section><h2>Lengths</h2>");
    if (story.lengths().before().rows().isEmpty() && story.lengths().after().rows().isEmpty()) {
      return section.raw("<p class=\"gap\">No tokens were counted.</p></section>");
    }
    return section.add(
        "<p class=\"legend\"><i class=\"before\"></i> read <i class=\"after\"></i> kept after every filter; tokens a row under the model's template</p>%s%s%s</section>",
        HistogramChart.of(story.lengths()),
        HistogramChart.bounds(story.lengths().bounds()),
        HistogramChart.table(story.lengths()));
  }

  Html clusters() {
    var section =
        Html.of(
            "<section><h2>Clusters</h2><p>%s clusters of alike rows; %s rows are not alone in theirs, the largest holds %s.</p>",
            story.clusters().clusters(),
            story.clusters().rowsInCompany(),
            story.clusters().largest());
    for (Cluster cluster : story.clusters().shown()) {
      section.add(
          "<details><summary>%s rows</summary>%s</details>",
          cluster.rows(), samples(cluster.samples()));
    }
    return section.raw("</section>");
  }

  Html conflicts() {
    var section =
        Html.of(
            "<section><h2>Conflicts</h2><p>%s prompts alike are answered differently, in %s rows; all are kept, on one side of the split.</p>",
            story.conflicts().prompts(), story.conflicts().rows());
    for (Conflict conflict : story.conflicts().shown()) {
      section.add(
          "<details><summary>%s</summary>%s</details>",
          conflict.samples().isEmpty() ? "" : clipped(conflict.samples().getFirst().prompt(), 100),
          samples(conflict.samples()));
    }
    return section.raw("</section>");
  }

  Html benchmarks() {
    if (story.benchmarks().isEmpty()) {
      return Html.of("<section><h2>Benchmarks</h2><p class=\"gap\">None was given.</p></section>");
    }
    var rows = new Html();
    var shown = new Html();
    for (Benchmark file : story.benchmarks()) {
      rows.add(
          "<tr><td>%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s<td class=\"n\">%s",
          file.file(), file.items(), file.unreadable(), file.met(), file.rows());
      if (!file.shown().isEmpty()) {
        shown.add(
            "<details><summary>%s rows held items of %s</summary>%s</details>",
            file.rows(), file.file(), held(file.shown()));
      }
    }
    return Html.of(
        "<section><h2>Benchmarks</h2><p>Rows that held an item were dropped; the files are as they were.</p>"
            + "<table id=\"benchmarks\"><thead><tr><th>file<th class=\"n\">items<th class=\"n\">unreadable<th class=\"n\">held by rows<th class=\"n\">rows dropped</thead>"
            + "<tbody>%s</tbody></table>%s</section>",
        rows, shown);
  }

  private static Html held(List<Held> rows) {
    var table = new Html();
    for (Held held : rows) {
      table.add(
          "<tr><td class=\"id\"><code>%s</code><td class=\"id\"><code>%s</code><td>%s<td class=\"n\">%s %%<td class=\"text\">%s",
          held.row(),
          held.item(),
          held.place(),
          held.percent(),
          clipped(held.words(), MOST_LETTERS));
    }
    return Html.of(
        "<table><thead><tr><th>row<th>item<th>words<th class=\"n\">of the item<th>as compared</thead><tbody>%s</tbody></table>",
        table);
  }

  Html swaps() {
    var section = Html.of("<section><h2>Swapped fields</h2><p>%s</p>", story.swaps().finding());
    for (Batch batch : story.swaps().batches()) {
      section.add(
          "<details class=\"flagged\" open><summary>%s: %s of %s rows read backwards</summary>%s</details>",
          batch.name(), batch.backwards(), batch.rows(), samples(batch.samples()));
    }
    return section.raw("</section>");
  }

  Html redactions() {
    if (story.redactions().isEmpty()) {
      return Html.of(
          "<section><h2>Redactions</h2><p class=\"gap\">Nothing was blacked out.</p></section>");
    }
    var rows = new Html();
    story
        .redactions()
        .forEach((kind, places) -> rows.add("<tr><td>%s<td class=\"n\">%s", kind, places));
    return Html.of(
        "<section><h2>Redactions</h2><table id=\"redactions\"><thead><tr><th>kind<th class=\"n\">places</thead><tbody>%s</tbody></table></section>",
        rows);
  }

  Html examples() {
    var section =
        Html.of(
            "<section><h2>As the model sees them</h2><p class=\"note\">What is marked carries the loss.</p>");
    for (Example example : story.examples()) {
      section.add("<p class=\"note\">%s</p><pre class=\"example\">", example.id());
      for (Span span : example.spans()) {
        section.add(
            span.supervised() ? "<mark>%s</mark>" : "%s", clipped(span.text(), MOST_LETTERS));
      }
      section.raw("</pre>");
    }
    return section.raw("</section>");
  }

  private static Html samples(List<Sample> samples) {
    var table = new Html();
    for (Sample sample : samples) {
      table.add(
          "<tr><td class=\"id\"><code>%s</code><td class=\"text\">%s<td class=\"text\">%s",
          sample.id(),
          clipped(sample.prompt(), MOST_LETTERS),
          clipped(sample.answer(), MOST_LETTERS));
    }
    return Html.of(
        "<table><thead><tr><th>row<th>prompt<th>answer</thead><tbody>%s</tbody></table>", table);
  }

  /** Cuts between characters, never through one. */
  static String clipped(String text, int letters) {
    if (text.length() <= letters) {
      return text;
    }
    int end = Character.isHighSurrogate(text.charAt(letters - 1)) ? letters - 1 : letters;
    return "%s\u2026 (%d more)".formatted(text.substring(0, end), text.length() - end);
  }
}
