package io.fettle.data.prepare;

import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.prepare.TokenCounter.TokenCount;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.row.Row;
import io.fettle.data.row.RowJson;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetReader;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/** A prepared folder, read back. Rows are written as {@code prompt => answer}, one a line. */
final class Prepared {
  private final Path folder;
  private final PrepareReport report;

  private Prepared(Path folder, PrepareReport report) {
    this.folder = folder;
    this.report = report;
  }

  /** Options that tests change one at a time. */
  static final class Setup {
    private final Path folder;
    private final List<Source> pool = new ArrayList<>();
    private List<Source> test = List.of();
    private final List<Source> benchmarks = new ArrayList<>();
    private String batch = "";
    private Share dev = new Share.Fraction(0.1);
    private Share testShare = new Share.Fraction(0.1);
    private TokenCounter counter = Prepared::wordsAsTokens;
    private int maxTokens = 1_000;
    private long seed = 17;
    private int threads = 2;
    private PrepareOptions.Cleaning cleaning = PrepareOptions.Cleaning.none();
    private Duplicates duplicates = Duplicates.EXACT;
    private Optional<Grading> grading = Optional.empty();

    Setup(Path folder) {
      this.folder = folder;
    }

    Setup pool(String... rows) throws IOException {
      pool.add(source("pool" + pool.size(), rows));
      return this;
    }

    Setup testSet(String... rows) throws IOException {
      test = List.of(source("test", rows));
      testShare = new Share.None();
      return this;
    }

    Setup benchmark(String... rows) throws IOException {
      benchmarks.add(source("benchmark" + benchmarks.size(), rows));
      return this;
    }

    /** The files that rows are measured with, as they lie on disk. */
    List<byte[]> evaluationBytes() throws IOException {
      List<byte[]> files = new ArrayList<>();
      for (Source source : Stream.concat(test.stream(), benchmarks.stream()).toList()) {
        files.add(Files.readAllBytes(source.path()));
      }
      return files;
    }

    /** The field that names batches, of the rows that come next; {@code group} is one. */
    Setup batches(String field) {
      batch = field;
      return this;
    }

    Setup dev(Share share) {
      dev = share;
      return this;
    }

    Setup testShare(Share share) {
      testShare = share;
      return this;
    }

    Setup counter(TokenCounter tokens) {
      counter = tokens;
      return this;
    }

    Setup maxTokens(int max) {
      maxTokens = max;
      return this;
    }

    Setup seed(long other) {
      seed = other;
      return this;
    }

    Setup withoutNearDuplicates() {
      duplicates = Duplicates.NEAR;
      return this;
    }

    Setup cleaning(PrepareOptions.Cleaning other) {
      cleaning = other;
      return this;
    }

    Setup grading(Grading other) {
      grading = Optional.of(other);
      return this;
    }

    Setup threads(int number) {
      threads = number;
      return this;
    }

    Setup keepingDuplicates() {
      duplicates = Duplicates.NONE;
      return this;
    }

    Prepared run() throws IOException, InterruptedException {
      Path work = Files.createTempDirectory(folder, "work");
      var options =
          new PrepareOptions(
              pool,
              test,
              benchmarks,
              duplicates,
              cleaning,
              1,
              maxTokens,
              dev,
              testShare,
              seed,
              threads);
      var means = Means.counting(counter).with(grading);
      return new Prepared(work, Prepared.report(options, means, work));
    }

    private Source source(String name, String... rows) throws IOException {
      var lines = new StringBuilder("prompt,completion,group\n");
      for (String row : rows) {
        String[] sides = row.split(" => | @ ", -1);
        lines.append(
            "\"%s\",\"%s\",%s\n".formatted(sides[0], sides[1], sides.length > 2 ? sides[2] : ""));
      }
      Path file = Files.writeString(Files.createTempFile(folder, name, ".csv"), lines);
      String group = batch.isEmpty() ? "group" : "";
      return new Source(
          file, name, Format.CSV, new FieldMapping("prompt", "completion", "", "", group, batch));
    }
  }

  /** Prepares into a folder with a file a part. */
  static PrepareReport report(PrepareOptions options, Means means, Path work)
      throws IOException, InterruptedException {
    try (var out = DatasetWriter.openNamed(work, Part.words(), "train", Long.MAX_VALUE)) {
      PrepareReport report = Preparation.run(options, means, work, out, (_, _) -> {});
      out.finish(new Origin(List.of(), List.of(), options.recipe(), "", "", "", ""));
      return report;
    }
  }

  PrepareReport report() {
    return report;
  }

  Path dropped() {
    return folder.resolve(Preparation.DROPPED);
  }

  Path clusters() {
    return folder.resolve(Preparation.CLUSTERS);
  }

  List<String> prompts(Part part) throws IOException {
    List<String> prompts = new ArrayList<>();
    DatasetReader.open(folder).read(part.word(), row -> prompts.add(row.prompt()));
    return prompts;
  }

  /** {@code stage reason rows} of everything that was dropped. */
  List<String> drops() {
    return report.stages().stream()
        .flatMap(
            stage ->
                stage.drops().stream()
                    .map(
                        drop ->
                            "%s %s %d".formatted(stage.stage(), drop.reason().key(), drop.rows())))
        .toList();
  }

  /** A stand-in tokenizer: a token a word, all of the answer supervised. */
  static void wordsAsTokens(Path rows, java.util.function.Consumer<TokenCount> counts)
      throws IOException {
    for (String line : Files.readAllLines(rows)) {
      Row row = RowJson.row(line);
      int answer = row.response().split(" ").length;
      counts.accept(
          new TokenCount(row.id(), row.prompt().split(" ").length + answer, answer, true, ""));
    }
  }
}
