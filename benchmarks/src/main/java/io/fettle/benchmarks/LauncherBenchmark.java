package io.fettle.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/** How long the launcher takes for what needs neither a JDK nor a build. */
final class LauncherBenchmark implements Benchmark {
  private static final int TRIALS = 5;
  private static final double MOST_MILLIS = 1_000;

  /**
   * The launcher's exit code for a missing prerequisite: on a bare machine doctor is right to say
   * so.
   */
  private static final List<Integer> EXPECTED = List.of(0, 7);

  @Override
  public String name() {
    return "launcher";
  }

  @Override
  public String summary() {
    return "--help, --version and doctor's prerequisites, without a JDK or a build";
  }

  @Override
  public List<Row> measure(Effort effort, Consumer<Row> known) throws Exception {
    var rows = new ArrayList<Row>();
    for (String argument : List.of("--help", "--version", "doctor")) {
      String row = "launcher_" + argument.replace("-", "") + "_ms";
      rows.add(effort.isQuick() ? Row.skipped(row, "timed; not in --quick") : timed(row, argument));
    }
    return rows;
  }

  private static Row timed(String row, String argument) throws IOException, InterruptedException {
    Path launcher = Path.of(System.getProperty("fettle.root"), "fettle");
    Path home = Files.createTempDirectory("fettle-bench");
    try {
      var millis = new double[TRIALS];
      for (int trial = 0; trial < TRIALS; trial++) {
        millis[trial] = once(launcher, argument, home);
      }
      Arrays.sort(millis);
      return Row.measured(row, millis[TRIALS / 2], "ms", TRIALS).atMost(MOST_MILLIS);
    } finally {
      Files.delete(home);
    }
  }

  private static double once(Path launcher, String argument, Path home)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(launcher.toString(), argument);
    builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
    builder.environment().put("FETTLE_HOME", home.toString());
    builder.environment().remove("JAVA_HOME");
    long start = System.nanoTime();
    int code = builder.start().waitFor();
    long nanos = System.nanoTime() - start;
    if (!EXPECTED.contains(code)) {
      throw new IOException(launcher + " " + argument + " ended with exit code " + code);
    }
    return nanos / (double) TimeUnit.MILLISECONDS.toNanos(1);
  }
}
