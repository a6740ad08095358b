package io.fettle.benchmarks.data;

import io.fettle.activities.disks.Folders;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.data.prepare.Preparation;
import io.fettle.data.prepare.PrepareOptions;
import io.fettle.data.prepare.PrepareOptions.Cleaning;
import io.fettle.data.prepare.PrepareOptions.Duplicates;
import io.fettle.data.prepare.Share;
import io.fettle.data.prepare.TokenCounter;
import io.fettle.data.read.FieldMapping;
import io.fettle.data.read.Format;
import io.fettle.data.read.Source;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * The whole preparation of a file: read, checked, exact and near duplicates dropped, looked through
 * for swapped rows, split and written. Rows are words drawn by Zipf's law, 40 to 300 of them; a
 * tenth repeats an earlier row with a few other words, a fiftieth repeats it as it is.
 */
final class PipelineRows {
  private static final long SEED = 5;
  private static final int ROWS = 150_000;
  private static final int TRIALS = 3;
  private static final int WORDS = 30_000;
  private static final double MEGABYTE = 1e6;

  private PipelineRows() {}

  static void measure(Effort effort, Consumer<Row> known) throws IOException, InterruptedException {
    if (effort.isQuick()) {
      known.accept(Row.skipped("end_to_end_mb_s", "timed; not in --quick"));
      return;
    }
    Path folder = Files.createTempDirectory("fettle-bench-prepare");
    try {
      Path file = written(folder.resolve("rows.jsonl"));
      List<Double> rates = new ArrayList<>();
      String note = "";
      for (int trial = 0; trial < TRIALS; trial++) {
        Path work = Files.createDirectories(folder.resolve("work"));
        long start = System.nanoTime();
        var report = Preparation.run(options(file), TokenCounter.none(), work, (_, _) -> {});
        double seconds = (System.nanoTime() - start) / 1e9;
        rates.add(Files.size(file) / MEGABYTE / seconds);
        note =
            "%d rows of %d MB, %d left; exact join, no tokens counted"
                .formatted(
                    ROWS,
                    Files.size(file) / 1_000_000,
                    report.parts().stream().mapToInt(part -> part.rows()).sum());
        Folders.delete(work);
      }
      double median = rates.stream().sorted().toList().get(TRIALS / 2);
      known.accept(Row.measured("end_to_end_mb_s", median, "MB/s", TRIALS).atLeast(120).note(note));
    } finally {
      Folders.delete(folder);
    }
  }

  private static PrepareOptions options(Path file) {
    return new PrepareOptions(
        List.of(new Source(file, "rows", Format.PROMPT_COMPLETION_JSONL, FieldMapping.usual())),
        Optional.empty(),
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

  private static Path written(Path file) throws IOException {
    var random = new Random(SEED);
    List<String> earlier = new ArrayList<>();
    try (BufferedWriter out = Files.newBufferedWriter(file)) {
      for (int i = 0; i < ROWS; i++) {
        String line = line(random, earlier);
        if (earlier.size() < 1_000) {
          earlier.add(line);
        }
        out.write(line);
        out.write('\n');
      }
    }
    return file;
  }

  private static String line(Random random, List<String> earlier) {
    int draw = earlier.isEmpty() ? 100 : random.nextInt(100);
    if (draw < 2) {
      return earlier.get(random.nextInt(earlier.size()));
    }
    if (draw < 12) {
      String row = earlier.get(random.nextInt(earlier.size()));
      int at = row.indexOf(' ', random.nextInt(row.length() / 2));
      return row.substring(0, at) + " " + word(random) + row.substring(at);
    }
    return "{\"prompt\": \"%s?\", \"completion\": \"%s.\"}"
        .formatted(text(random, 15 + random.nextInt(100)), text(random, 25 + random.nextInt(200)));
  }

  private static String text(Random random, int words) {
    var text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(i == 0 ? "" : " ").append(word(random));
    }
    return text.toString();
  }

  /** The n-th word comes about as often as 1 / n. */
  private static String word(Random random) {
    int rank = (int) Math.exp(random.nextDouble() * Math.log(WORDS));
    return Integer.toString(rank * 7_919 + 11, 36);
  }
}
