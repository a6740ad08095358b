package io.fettle.activities.data;

import io.fettle.data.contamination.Benchmark;
import io.fettle.data.filter.Filters;
import io.fettle.data.filter.RowFilter;
import io.fettle.data.prepare.NamedFiles;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.Share;
import io.fettle.data.quality.Judge;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Format.Shape;
import io.fettle.data.read.Guess;
import io.fettle.data.read.Source;
import io.fettle.data.version.DatasetManifest;
import io.fettle.workflows.spec.DataSpec;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What decides the dataset, besides the model. Its JSON enters the step's input hash, so it holds
 * contents and no places.
 *
 * @param pool the files that are split
 * @param test the user's own test files
 * @param benchmarks files of items that no row may hold
 */
record Inputs(List<Named> pool, List<Named> test, List<Items> benchmarks, Rules rules) {
  private static final int USUAL_MIN_TOKENS = 50;

  /** A file by name and contents. */
  record Named(String name, String sha256) {}

  /** A benchmark and the fields that are named; an empty one is not. */
  record Items(Named file, String prompt, String answer) {}

  /** The spec's data section without its files, with {@code auto} resolved. */
  record Rules(
      DataSpec.Format format,
      FieldMapping fields,
      PrepareOptions.Duplicates duplicates,
      DataSpec.Filter filter,
      boolean redact,
      boolean stopsOnSwaps,
      int minTokens,
      int maxTokens,
      String dev,
      String test,
      int seed,
      @Nullable Quality quality) {
    private Rules with(Quality other) {
      return new Rules(
          format,
          fields,
          duplicates,
          filter,
          redact,
          stopsOnSwaps,
          minTokens,
          maxTokens,
          dev,
          test,
          seed,
          other);
    }
  }

  /** Who is asked how good rows are; absent where the spec has no such section. */
  record Quality(Judge.@Nullable Column judge, double cutPercent, boolean flagByLoss) {
    static @Nullable Quality of(DataSpec data) {
      var quality = data.quality();
      if (quality == null) {
        return null;
      }
      var judge = quality.judge();
      return new Quality(
          judge == null ? null : Graders.options(judge).column(),
          quality.cutPercent(),
          quality.flagByLoss());
    }
  }

  /**
   * The files of a spec, hashed.
   *
   * @param parent the manifest's hash of the dataset that they are shards of; empty where there is
   *     none. No part of the step's inputs: it follows from the places of the files
   */
  record Files(
      List<FrozenFile> pool, List<FrozenFile> test, List<FrozenItems> benchmarks, String parent) {
    /** A benchmark as {@link Items} has it. */
    record FrozenItems(FrozenFile file, String prompt, String answer) {}

    static Files of(RowList list, List<DataSpec.Benchmark> items, RowList.Here here)
        throws IOException {
      var named = new NamedFiles();
      List<FrozenFile> pool = frozen(list.pool(), named, here);
      List<FrozenFile> test = frozen(list.test(), named, here);
      List<FrozenItems> benchmarks = new ArrayList<>();
      for (var benchmark : items) {
        var one = named.one(here.path(benchmark.file()), name(benchmark.file()));
        benchmarks.add(
            new FrozenItems(
                FrozenFile.of(one.path(), one.name()),
                Objects.requireNonNullElse(benchmark.prompt(), ""),
                Objects.requireNonNullElse(benchmark.answer(), "")));
      }
      return new Files(pool, test, benchmarks, named.parent());
    }

    private static List<FrozenFile> frozen(
        List<RowList.Item> items, NamedFiles named, RowList.Here here) throws IOException {
      List<FrozenFile> frozen = new ArrayList<>();
      for (RowList.Item item : items) {
        for (var file : named.of(here.path(item.place()), item.name())) {
          frozen.add(FrozenFile.of(file.path(), file.name()));
        }
      }
      return frozen;
    }

    /** As the manifest names them. */
    List<DatasetManifest.Input> listed() {
      return Stream.of(pool.stream(), test.stream(), benchmarks.stream().map(FrozenItems::file))
          .flatMap(files -> files)
          .map(file -> new DatasetManifest.Input(file.name(), file.sha256(), file.bytes()))
          .toList();
    }

    private static String name(String file) {
      return file.substring(file.lastIndexOf('/') + 1);
    }
  }

  static Inputs of(Spec spec, Files files) {
    return new Inputs(
        files.pool().stream().map(Inputs::named).toList(),
        files.test().stream().map(Inputs::named).toList(),
        files.benchmarks().stream()
            .map(each -> new Items(named(each.file()), each.prompt(), each.answer()))
            .toList(),
        rules(spec));
  }

  /** What decides the rows that are scored: whatever is cut later, they are the same. */
  Inputs beforeCut() {
    var quality = rules.quality();
    return quality == null
        ? this
        : new Inputs(
            pool,
            test,
            List.of(),
            rules.with(new Quality(quality.judge(), 0, quality.flagByLoss())));
  }

  /** The engine's options over copies of the files, which go to {@code folder}. */
  static PrepareOptions options(Spec spec, Files files, Path folder) throws IOException {
    Rules rules = rules(spec);
    return new PrepareOptions(
        sources(files.pool(), rules, folder),
        sources(files.test(), rules, folder),
        benchmarks(files, rules.fields(), folder),
        rules.duplicates(),
        cleaning(rules),
        rules.minTokens(),
        rules.maxTokens(),
        share(spec.data().devRows(), spec.data().devFraction()),
        share(spec.data().testRows(), spec.data().testFraction()),
        rules.seed(),
        Runtime.getRuntime().availableProcessors());
  }

  private static List<Source> benchmarks(Files files, FieldMapping usual, Path folder)
      throws IOException {
    List<Source> sources = new ArrayList<>();
    for (var each : files.benchmarks()) {
      Path copy = each.file().copyInto(folder);
      sources.add(Benchmark.source(copy, each.file().name(), usual, each.prompt(), each.answer()));
    }
    return sources;
  }

  private static Named named(FrozenFile file) {
    return new Named(file.name(), file.sha256());
  }

  private static Rules rules(Spec spec) {
    DataSpec data = spec.data();
    boolean shortAnswers = spec.evaluate().task() != EvaluateSpec.Task.GENERATION;
    return new Rules(
        data.format(),
        fields(data),
        duplicates(data),
        data.filter(),
        data.redact(),
        data.swapped() != DataSpec.Swapped.REPORT,
        Objects.requireNonNullElse(data.minTokens(), shortAnswers ? 1 : USUAL_MIN_TOKENS),
        Objects.requireNonNullElse(data.maxTokens(), data.maxLength()),
        share(data.devRows(), data.devFraction()).toString(),
        share(data.testRows(), data.testFraction()).toString(),
        data.splitSeed(),
        Quality.of(data));
  }

  private static PrepareOptions.Cleaning cleaning(Rules rules) {
    List<RowFilter> filters = new ArrayList<>();
    if (rules.filter().refusals()) {
      filters.add(Filters.refusals());
    }
    if (rules.filter().repetition()) {
      filters.add(Filters.repetition());
    }
    if (!rules.filter().languages().isEmpty()) {
      filters.add(Filters.languages(Set.copyOf(rules.filter().languages())));
    }
    return new PrepareOptions.Cleaning(filters, rules.redact(), rules.stopsOnSwaps());
  }

  private static PrepareOptions.Duplicates duplicates(DataSpec data) {
    return switch (data.deduplicate()) {
      case NONE -> PrepareOptions.Duplicates.NONE;
      case NEAR -> PrepareOptions.Duplicates.NEAR;
      case EXACT, UNKNOWN -> PrepareOptions.Duplicates.EXACT;
    };
  }

  private static FieldMapping fields(DataSpec data) {
    return new FieldMapping(
        data.mapping().prompt(),
        data.mapping().completion(),
        Objects.requireNonNullElse(data.mapping().system(), ""),
        Objects.requireNonNullElse(data.systemPrompt(), ""),
        Objects.requireNonNullElse(data.groupBy(), ""),
        Objects.requireNonNullElse(data.batchBy(), ""));
  }

  private static Share share(@Nullable Integer rows, @Nullable Double fraction) {
    if (rows != null) {
      return new Share.Rows(rows);
    }
    return fraction != null ? new Share.Fraction(fraction) : new Share.None();
  }

  private static List<Source> sources(List<FrozenFile> files, Rules rules, Path folder)
      throws IOException {
    List<Source> sources = new ArrayList<>();
    for (FrozenFile file : files) {
      Path copy = file.copyInto(folder);
      Format format = format(rules.format(), copy, file.name());
      sources.add(new Source(copy, file.name(), format, rules.fields()));
    }
    return sources;
  }

  /** The spec says what a record means; whether records are lines or Parquet the file tells. */
  private static Format format(DataSpec.Format said, Path file, String name) throws IOException {
    Shape shape =
        switch (said) {
          case MESSAGES -> Shape.CHAT;
          case PROMPT_COMPLETION, CSV -> Shape.PROMPT_COMPLETION;
          case ALPACA -> Shape.ALPACA;
          case SHAREGPT -> Shape.SHAREGPT;
          case PREFERENCE -> Shape.PREFERENCE;
          case AUTO, UNKNOWN -> null;
        };
    if (said == DataSpec.Format.CSV) {
      return Guess.columns(name);
    }
    Format guessed = Guess.of(file, name).format();
    return shape == null ? guessed : new Format(guessed.container(), shape);
  }
}
