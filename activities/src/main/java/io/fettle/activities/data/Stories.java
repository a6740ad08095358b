package io.fettle.activities.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.data.contamination.Contamination;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.PrepareReport.ContaminationReport;
import io.fettle.data.prepare.QualityReport;
import io.fettle.data.report.PreparedStory;
import io.fettle.data.report.PreparedStory.Sample;
import io.fettle.data.row.Reason;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.row.Tally;
import io.fettle.data.version.DatasetManifest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;

/** Tells how a dataset was made, with the texts of the rows that its report names. */
final class Stories {
  /** How the trainer marks what carries the loss. */
  private static final String SUPERVISED = "[⟦⟧]";

  /** Of a source that are shown with their texts. */
  private static final int FLAGS = 20;

  private final PrepareReport report;
  private final Map<String, Row> rows;

  private Stories(PrepareReport report, Map<String, Row> rows) {
    this.report = report;
    this.rows = rows;
  }

  /**
   * The story.
   *
   * @param name what people call the dataset
   * @param tree the dataset's folder; beside it lie the rows that were dropped and are shown
   */
  static PreparedStory of(
      String name, DatasetReport stored, Inputs.Rules rules, DatasetManifest manifest, Path tree)
      throws IOException {
    PrepareReport report = stored.rows();
    var stories = new Stories(report, named(report, manifest, tree));
    return new PreparedStory(
        name,
        manifest.dataset(),
        manifest.hash(),
        stored.folders().stream()
            .map(each -> new PreparedStory.Folder(each.place(), each.files(), each.leftOut()))
            .toList(),
        report.parts().stream()
            .map(
                part ->
                    new PreparedStory.Part(
                        part.part().word(), part.rows(), part.tokens(), part.supervisedTokens()))
            .toList(),
        report.stages().stream().map(Stories::stage).toList(),
        stories.lengths(rules),
        stories.clusters(),
        stories.conflicts(),
        report.contamination().files().stream().map(stories::benchmark).toList(),
        stories.swaps(),
        stories.quality(),
        redactions(report),
        stored.tokens().examples().stream().map(Stories::example).toList());
  }

  /** The rows that the report names and that are in a part, or among the dropped ones. */
  private static Map<String, Row> named(PrepareReport report, DatasetManifest manifest, Path tree)
      throws IOException {
    Set<String> wanted = new HashSet<>();
    report.clusters().shown().forEach(wanted::addAll);
    report.conflicts().shown().forEach(wanted::addAll);
    report.swaps().batches().forEach(batch -> wanted.addAll(batch.examples()));
    report.quality().flagged().stream()
        .flatMap(flagged -> flagged.sources().stream())
        .forEach(source -> shown(source).forEach(flag -> wanted.add(flag.id())));
    report.contamination().files().stream()
        .flatMap(file -> file.spans().stream())
        .forEach(span -> wanted.add(span.row()));
    Map<String, Row> rows = new HashMap<>();
    if (!wanted.isEmpty()) {
      for (DatasetManifest.Part part : manifest.parts()) {
        for (DatasetManifest.Shard shard : part.shards()) {
          read(tree.resolve(shard.file()), wanted, rows);
        }
      }
    }
    Path dropped = tree.resolveSibling(Preparation.DROPPED);
    if (Files.exists(dropped)) {
      read(dropped, wanted, rows);
    }
    return rows;
  }

  private static void read(Path shard, Set<String> wanted, Map<String, Row> rows)
      throws IOException {
    try (var lines = Files.newBufferedReader(shard)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        if (wanted.contains(RowJson.id(line))) {
          Row row = RowJson.row(line);
          rows.put(row.id(), row);
        }
      }
    }
  }

  private static PreparedStory.StageCount stage(Tally.Counts stage) {
    return new PreparedStory.StageCount(
        stage.stage(),
        "all files",
        stage.seen(),
        stage.kept(),
        stage.drops().stream()
            .map(
                drop ->
                    new PreparedStory.Drop(drop.reason().meaning(), drop.rows(), drop.samples()))
            .toList());
  }

  private PreparedStory.Lengths lengths(Inputs.Rules rules) {
    var lengths = report.lengths();
    return new PreparedStory.Lengths(
        new PreparedStory.Histogram(lengths.edges(), lengths.before()),
        new PreparedStory.Histogram(lengths.edges(), lengths.after()),
        List.of(
            new PreparedStory.Bound("at least", rules.minTokens(), dropped(Reason.TOO_SHORT)),
            new PreparedStory.Bound("at most", rules.maxTokens(), dropped(Reason.TOO_LONG))));
  }

  private long dropped(Reason reason) {
    return report.stages().stream()
        .flatMap(stage -> stage.drops().stream())
        .filter(drop -> drop.reason() == reason)
        .mapToLong(Tally.Counts.Drop::rows)
        .sum();
  }

  private PreparedStory.Clusters clusters() {
    var clusters = report.clusters();
    return new PreparedStory.Clusters(
        clusters.clusters(),
        clusters.rowsInCompany(),
        clusters.largest(),
        clusters.shown().stream()
            .map(ids -> new PreparedStory.Cluster(ids.size(), samples(ids)))
            .toList());
  }

  private PreparedStory.Conflicts conflicts() {
    var conflicts = report.conflicts();
    return new PreparedStory.Conflicts(
        conflicts.prompts(),
        conflicts.rows(),
        conflicts.shown().stream().map(ids -> new PreparedStory.Conflict(samples(ids))).toList());
  }

  private PreparedStory.Benchmark benchmark(ContaminationReport.Items items) {
    return new PreparedStory.Benchmark(
        items.file(),
        items.items(),
        items.unreadable().stream().mapToLong(Tally.Counts.Drop::rows).sum(),
        items.met(),
        items.rows(),
        items.spans().stream().map(this::held).toList());
  }

  private PreparedStory.Held held(ContaminationReport.Span span) {
    Row row = rows.get(span.row());
    return new PreparedStory.Held(
        span.row(),
        span.item(),
        "%d to %d (%d)".formatted(span.from(), span.to(), span.to() - span.from() + 1),
        span.percent(),
        row == null ? "" : Contamination.text(row, span.from(), span.to()));
  }

  private PreparedStory.Swaps swaps() {
    return new PreparedStory.Swaps(
        report.swaps().finding(),
        report.swaps().batches().stream()
            .map(
                batch ->
                    new PreparedStory.Batch(
                        batch.called(),
                        batch.last() - batch.first() + 1L,
                        batch.backwards(),
                        samples(batch.examples())))
            .toList());
  }

  private PreparedStory.Quality quality() {
    var judged = report.quality().judged();
    if (judged.isPresent()) {
      return new PreparedStory.Quality(
          "Scores by %s, asked with the prompt %s; %d rows could not be asked about."
              .formatted(judged.get().model(), judged.get().prompt(), judged.get().failed()),
          judged.get().sources().stream().map(Stories::scored).toList(),
          List.of());
    }
    var flagged = report.quality().flagged();
    if (flagged.isEmpty()) {
      return new PreparedStory.Quality("", List.of(), List.of());
    }
    return new PreparedStory.Quality(
        "Rows whose prompts help the base model less to their answers than those of their peers, by %s standard deviations and more."
            .formatted(flagged.get().least()),
        List.of(),
        flagged.get().sources().stream().map(this::flagged).toList());
  }

  private static PreparedStory.Scored scored(QualityReport.Source source) {
    return new PreparedStory.Scored(
        source.source(),
        source.levels().stream()
            .map(level -> new PreparedStory.Level(level.score(), level.rows(), level.cut()))
            .toList(),
        source.withoutScore());
  }

  private PreparedStory.Flagged flagged(QualityReport.FlaggedSource source) {
    return new PreparedStory.Flagged(
        source.source(),
        source.compared(),
        source.flagged(),
        shown(source).stream().map(this::flag).toList());
  }

  private static List<QualityReport.Flag> shown(QualityReport.FlaggedSource source) {
    return source.shown().subList(0, Math.min(FLAGS, source.shown().size()));
  }

  private PreparedStory.Flag flag(QualityReport.Flag flag) {
    Row row = rows.get(flag.id());
    Sample sample =
        row == null
            ? new Sample(flag.id(), "", "")
            : new Sample(row.id(), row.prompt(), row.response());
    return new PreparedStory.Flag(
        sample,
        flag.excess(),
        "%d rows of the same %s".formatted(flag.peers(), flag.ofLabel() ? "answer" : "source"));
  }

  private List<Sample> samples(List<String> ids) {
    return ids.stream()
        .map(id -> Optional.ofNullable(rows.get(id)))
        .flatMap(Optional::stream)
        .map(row -> new Sample(row.id(), row.prompt(), row.response()))
        .toList();
  }

  private static SortedMap<String, Long> redactions(PrepareReport report) {
    var redactions = new TreeMap<String, Long>();
    report.redactions().forEach((kind, count) -> redactions.put(kind, count.longValue()));
    return redactions;
  }

  private static PreparedStory.Example example(JsonNode example) {
    List<PreparedStory.Span> spans = new ArrayList<>();
    String[] pieces = example.path("text").asText().split(SUPERVISED, -1);
    for (int i = 0; i < pieces.length; i++) {
      if (!pieces[i].isEmpty()) {
        spans.add(new PreparedStory.Span(pieces[i], i % 2 == 1));
      }
    }
    return new PreparedStory.Example(example.path("id").asText(), spans);
  }
}
