package io.fettle.benchmarks.data;

import io.fettle.data.dedup.NearDuplicates;
import io.fettle.data.dedup.NearDuplicates.Column;
import io.fettle.data.dedup.NearDuplicates.Method;
import io.fettle.data.dedup.NearDuplicates.Options;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.IntStream;

/** Many rows through the search by LSH, in a process of its own, which is weighed. */
public final class DedupState {
  private static final String HEAP = "-Xmx6g";
  private static final long HELD_BYTES = 512L << 20;
  private static final int BATCH = 1 << 14;
  private static final int WORDS = 25;
  private static final int VOCABULARY = 50_000;
  private static final double NANOS = 1e9;

  private DedupState() {}

  /**
   * What it prints, as one line of JSON.
   *
   * @param residentGigabytes the most that the process ever took (VmHWM)
   */
  record Told(double seconds, double residentGigabytes, int dropped) {}

  static Told measured(int rows) throws IOException, InterruptedException {
    var scratch = Files.createTempDirectory("fettle-bench-prepare-");
    try {
      var process =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  HEAP,
                  "-cp",
                  System.getProperty("java.class.path"),
                  DedupState.class.getName(),
                  Integer.toString(rows),
                  scratch.toString())
              .redirectError(ProcessBuilder.Redirect.INHERIT)
              .start();
      String told;
      try (var out = process.inputReader()) {
        told = out.readLine();
      }
      if (process.waitFor() != 0 || told == null) {
        throw new IOException(
            "the search of %d rows ended with %d".formatted(rows, process.exitValue()));
      }
      return Wire.mapper().readValue(told, Told.class);
    } finally {
      Files.deleteIfExists(scratch);
    }
  }

  /**
   * @param args how many rows, and a folder for the scratch file
   */
  public static void main(String[] args) throws IOException {
    int rows = Integer.parseInt(args[0]);
    long start = System.nanoTime();
    var options = new Options(80, Method.LSH, false, Optional.of(Path.of(args[1])), HELD_BYTES);
    try (var near = new NearDuplicates(options)) {
      for (int from = 0; from < rows; from += BATCH) {
        var batch =
            IntStream.range(from, Math.min(rows, from + BATCH))
                .parallel()
                .mapToObj(i -> NearDuplicates.sketch(Planted.row(i, text(i), "noted")))
                .toList();
        for (var sketch : batch) {
          near.add(sketch);
        }
      }
      int dropped = near.kept(Column.WHOLE).dropped();
      var told = new Told((System.nanoTime() - start) / NANOS, resident(), dropped);
      System.out.println(Wire.mapper().writeValueAsString(told));
    }
  }

  /** Every tenth row is the one before with a word more. */
  private static String text(int row) {
    boolean isCopy = row % 10 == 9;
    var random = new SplittableRandom(isCopy ? row - 1 : row);
    var text = new StringBuilder();
    for (int i = 0; i < WORDS; i++) {
      text.append(Integer.toString(random.nextInt(VOCABULARY), 36)).append(' ');
    }
    return isCopy ? text + "more" : text.toString();
  }

  private static double resident() throws IOException {
    return Files.readAllLines(Path.of("/proc/self/status")).stream()
        .filter(line -> line.startsWith("VmHWM:"))
        .mapToDouble(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024 / 1e9)
        .findFirst()
        .orElse(0);
  }
}
