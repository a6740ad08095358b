package io.fettle.cli.command;

import io.fettle.activities.data.RowList;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.data.NamedRows;
import io.fettle.cli.data.PreparedFolder;
import io.fettle.data.contamination.Benchmark;
import io.fettle.data.filter.Filters;
import io.fettle.data.filter.RowFilter;
import io.fettle.data.prepare.NamedFiles.NamedFile;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareOptions.Cleaning;
import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.PrepareReport.ContaminationReport;
import io.fettle.data.prepare.Share;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Guess;
import io.fettle.data.read.Source;
import io.fettle.data.row.Tally;
import io.fettle.data.version.DatasetManifest;
import io.fettle.data.version.DatasetReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

@Command(
    name = "prepare",
    description = {
      "Reads, filters, deduplicates and splits files of rows into a versioned dataset.",
      "As a run's step does, but without a model: no tokens are counted, and no row is too long."
    },
    mixinStandardHelpOptions = true)
final class DataPrepareCommand implements Callable<Integer> {
  @Mixin private Output output;
  @Mixin private JudgeFlags judge;
  @Mixin private StoreAccess stores;

  @Parameters(
      arity = "1..*",
      paramLabel = "FILE",
      description = {
        "JSONL, CSV, TSV or Parquet; gz and zstd; or a .dvc file that points to one.",
        "A folder stands for such files in it and below.",
        "Also s3://bucket/name and gs://bucket/name, a folder's with a slash at its end."
      })
  private List<String> files;

  @Option(
      names = {"-o", "--out"},
      required = true,
      paramLabel = "DIR",
      description = "The dataset's folder; it must not hold one.")
  private Path out;

  @Option(
      names = "--prompt",
      paramLabel = "FIELD",
      defaultValue = "prompt",
      description = "The field with what the user says (default: prompt).")
  private String prompt;

  @Option(
      names = "--completion",
      paramLabel = "FIELD",
      defaultValue = "completion",
      description = "The field with the answer (default: completion).")
  private String completion;

  @Option(
      names = "--group-by",
      paramLabel = "FIELD",
      defaultValue = "",
      description = "Rows with equal values there stay in one part.")
  private String group;

  @Option(
      names = "--batch-by",
      paramLabel = "FIELD",
      defaultValue = "",
      description =
          "Names what a row came in, as an export or an annotator: a swapped batch is found wherever its rows lie.")
  private String batch;

  @Option(
      names = "--test",
      paramLabel = "FILE",
      description = "Test rows that stay whole; nothing near them stays in train or dev.")
  private @Nullable String test;

  @Option(
      names = "--benchmark",
      paramLabel = "FILE",
      description = "Items of a benchmark; rows that hold one are dropped. May be given often.")
  private List<Path> benchmarks = List.of();

  @Option(
      names = "--benchmark-prompt",
      paramLabel = "FIELD",
      defaultValue = "",
      description = "The benchmarks' field with the question (default: as of the rows).")
  private String benchmarkPrompt;

  @Option(
      names = "--dev",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "Share of the rows set aside for dev (default: 0.1).")
  private double dev;

  @Option(
      names = "--test-share",
      paramLabel = "SHARE",
      defaultValue = "0.1",
      description = "The same for test, where --test is not given (default: 0.1).")
  private double testShare;

  @Option(
      names = "--deduplicate",
      paramLabel = "WHICH",
      defaultValue = "near",
      description = "Which repeated rows are dropped: none, exact or near (default: near).")
  private String deduplicate;

  @Option(
      names = "--drop-refusals",
      description = "Drop refusals and identity leftovers (English).")
  private boolean refusals;

  @Option(names = "--drop-repetition", description = "Drop answers that repeat themselves.")
  private boolean repetition;

  @Option(
      names = "--languages",
      paramLabel = "CODES",
      split = ",",
      description = "Keep answers in these languages alone, as in en,de.")
  private List<String> languages = List.of();

  @Option(names = "--redact", description = "Black out personal data, counted by kind.")
  private boolean redact;

  @Option(names = "--keep-swapped", description = "Report rows that look swapped, and go on.")
  private boolean keepSwapped;

  @Option(
      names = "--seed",
      paramLabel = "N",
      defaultValue = "17",
      description = "Seed of the split (default: 17).")
  private long seed;

  @Option(
      names = "--threads",
      paramLabel = "N",
      description = "How many read (default: one a core); the dataset is the same.")
  private int threads = Runtime.getRuntime().availableProcessors();

  /** For machines. */
  record Result(
      String folder,
      String dataset,
      String manifest,
      List<RowList.Folder> folders,
      PrepareReport report) {}

  @Override
  public Integer call() throws InterruptedException {
    if (DatasetReader.isDataset(out)) {
      throw new CommandFailure(
          ExitCode.INVALID, "%s holds a dataset already; name another folder".formatted(out));
    }
    try (var rows = NamedRows.of(files, Optional.ofNullable(test), stores::access)) {
      rows.lines().forEach(output::say);
      var screen = output.screen();
      var options = options(rows);
      var recipe = options.recipe();
      judge.tell(recipe);
      var asked = new PreparedFolder.Asked(options, judge.grading(out), recipe, rows.parent());
      var result = PreparedFolder.write(asked, out, new StageLines(screen));
      screen.live("");
      tell(result.report());
      DatasetManifest manifest = result.manifest();
      output.say("dataset " + manifest.dataset() + " in " + out);
      output.result(
          new Result(
              out.toString(),
              manifest.dataset(),
              manifest.hash(),
              rows.folders(),
              result.report()));
      return ExitCode.DONE.code();
    } catch (IOException e) {
      throw DataPlace.failure(e);
    }
  }

  private void tell(PrepareReport report) {
    for (Tally.Counts stage : report.stages()) {
      output.say(
          "%-18s %,10d of %,d rows stay".formatted(stage.stage(), stage.kept(), stage.seen()));
      for (Tally.Counts.Drop drop : stage.drops()) {
        output.say(
            "  %,d dropped: a row %s (%s)"
                .formatted(
                    drop.rows(), drop.reason().meaning(), String.join(", ", drop.samples())));
      }
    }
    JudgeFlags.say(report.quality(), output);
    report.contamination().files().forEach(this::tell);
    report.redactions().forEach((kind, n) -> output.say("%,d x %s redacted".formatted(n, kind)));
    output.say("swapped fields: " + report.swaps().finding());
    report.swaps().batches().forEach(batch -> output.say("  " + batch.sentence()));
    report.problem().ifPresent(problem -> output.say("careful: " + problem));
    report
        .parts()
        .forEach(part -> output.say("%-6s %,d rows".formatted(part.part().word(), part.rows())));
  }

  private void tell(ContaminationReport.Items file) {
    output.say(
        "%s: %,d of its %,d items held by %,d rows"
            .formatted(file.file(), file.met(), file.items(), file.rows()));
    file.spans()
        .forEach(
            span ->
                output.say(
                    "  %s holds %d %% of %s, words %d to %d"
                        .formatted(
                            span.row(), span.percent(), span.item(), span.from(), span.to())));
    long unreadable = file.unreadable().stream().mapToLong(Tally.Counts.Drop::rows).sum();
    if (unreadable > 0) {
      output.say("careful: %,d rows of %s are no items".formatted(unreadable, file.file()));
    }
  }

  // --- Options

  private PrepareOptions options(NamedRows rows) throws IOException {
    List<Source> items = new ArrayList<>();
    for (Path file : benchmarks) {
      NamedFile one = rows.one(file);
      items.add(Benchmark.source(one.path(), one.name(), fields(), benchmarkPrompt, ""));
    }
    return new PrepareOptions(
        sources(rows.files()),
        sources(rows.test()),
        items,
        duplicates(),
        new Cleaning(filters(), redact, !keepSwapped),
        0,
        Integer.MAX_VALUE,
        new Share.Fraction(dev),
        test == null ? new Share.Fraction(testShare) : new Share.None(),
        seed,
        threads);
  }

  private FieldMapping fields() {
    return new FieldMapping(prompt, completion, "", "", group, batch);
  }

  private List<Source> sources(List<NamedFile> files) throws IOException {
    List<Source> sources = new ArrayList<>();
    for (NamedFile file : files) {
      var format = Guess.of(file.path(), file.name()).format();
      sources.add(new Source(file.path(), file.name(), format, fields()));
    }
    return sources;
  }

  private Duplicates duplicates() {
    return switch (deduplicate) {
      case "none" -> Duplicates.NONE;
      case "exact" -> Duplicates.EXACT;
      case "near" -> Duplicates.NEAR;
      default ->
          throw new CommandFailure(
              ExitCode.INVALID,
              "--deduplicate is %s; none, exact or near is expected".formatted(deduplicate));
    };
  }

  private List<RowFilter> filters() {
    List<RowFilter> filters = new ArrayList<>();
    if (refusals) {
      filters.add(Filters.refusals());
    }
    if (repetition) {
      filters.add(Filters.repetition());
    }
    if (!languages.isEmpty()) {
      try {
        filters.add(Filters.languages(Set.copyOf(languages)));
      } catch (IllegalArgumentException e) {
        throw new CommandFailure(ExitCode.INVALID, "--" + e.getMessage(), e);
      }
    }
    return filters;
  }
}
