package io.fettle.benchmarks.data;

import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;

/**
 * Signatures by other tools, of the same rows, in a Python of its own from a lock: the same
 * shingles, as many values, from text to signature on one thread in both.
 */
final class PeerRows {
  private static final String ENVIRONMENT = "peers";
  private static final int TRIALS = 3;

  /** A tool takes seconds for so many. */
  private static final int MOST_ROWS = 3_000;

  private static final double MEGA = 1e6;

  private final Effort effort;
  private final Planted planted;

  private record Tool(String name, double least) {
    String row() {
      return "ratio_" + name;
    }
  }

  private static final List<Tool> TOOLS =
      List.of(new Tool("datatrove", 30), new Tool("datasketch", 30), new Tool("rensa", 10));

  /** What the script prints. */
  private record Told(List<Double> seconds, long bytes, int rows) {
    double megabytesASecond() {
      var sorted = seconds.stream().mapToDouble(Double::doubleValue).sorted().toArray();
      return bytes / MEGA / sorted[sorted.length / 2];
    }
  }

  PeerRows(Effort effort, Planted planted) {
    this.effort = effort;
    this.planted = planted;
  }

  void measure(Consumer<Row> known) throws IOException, InterruptedException {
    if (effort.isQuick()) {
      TOOLS.forEach(tool -> known.accept(Row.skipped(tool.row(), "timed; not in --quick")));
      return;
    }
    var cluster = LocalCluster.current(Progress.silent());
    Path python;
    Environments environments = cluster.environments((_, _, _, _, _) -> {});
    try {
      python = environments.python(ENVIRONMENT);
    } catch (IOException e) {
      TOOLS.forEach(
          tool -> known.accept(Row.skipped(tool.row(), "no environment: " + e.getMessage())));
      return;
    }
    var script = cluster.home().root().resolve("benchmarks/prepare/peers.py");
    var few = new Planted(planted.rows().stream().limit(MOST_ROWS).toList(), planted.origin());
    var texts = Files.createTempFile("fettle-bench-peers-", ".jsonl");
    try {
      write(few, texts);
      for (var tool : TOOLS) {
        var command =
            List.of(
                python.toString(),
                script.toString(),
                tool.name(),
                texts.toString(),
                Integer.toString(TRIALS));
        known.accept(row(tool, few, run(command)));
      }
    } finally {
      Files.delete(texts);
    }
  }

  private static Row row(Tool tool, Planted few, Told told) throws InterruptedException {
    double ours = Signatures.megabytesASecond(few, 1);
    double theirs = told.megabytesASecond();
    return Row.measured(tool.row(), ours / theirs, "", TRIALS)
        .atLeast(tool.least())
        .note(
            "%.0f MB/s and %.2f MB/s on one thread, %,d rows %s"
                .formatted(ours, theirs, told.rows(), few.origin()));
  }

  private static void write(Planted few, Path file) throws IOException {
    try (var out = Files.newBufferedWriter(file)) {
      for (var row : few.rows()) {
        out.write(Wire.mapper().writeValueAsString(row.prompt() + "\n" + row.response()));
        out.write('\n');
      }
    }
  }

  private static Told run(List<String> command) throws IOException, InterruptedException {
    var process =
        new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    String told;
    try (var out = process.inputReader()) {
      told = out.readLine();
    }
    if (process.waitFor() != 0 || told == null) {
      throw new IOException(
          "%s ended with %d".formatted(String.join(" ", command), process.exitValue()));
    }
    return Wire.mapper().readValue(told, Told.class);
  }
}
