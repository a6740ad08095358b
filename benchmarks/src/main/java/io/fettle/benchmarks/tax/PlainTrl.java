package io.fettle.benchmarks.tax;

import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.tax.Turns.Held;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The plain TRL script, in the trainer's own environment, without Fettle's packages on its path.
 *
 * @param scripts {@code benchmarks/tax} of the checkout
 * @param rows the dataset's file
 * @param scratch a folder of its own
 */
record PlainTrl(Environments environments, Path scripts, Path model, Path rows, Path scratch) {
  private static final String SOURCES = "PYTHONPATH";

  /** In which order it is given the rows. */
  enum Order {
    FETTLE("rows.jsonl"),
    SHUFFLED("shuffled.jsonl");

    private final String file;

    Order(String file) {
      this.file = file;
    }
  }

  /** One that runs. */
  record Started(Process process, List<String> command, Path out, Training training) {
    long pid() {
      return process.pid();
    }

    Path events() {
      return out.resolve("events.jsonl");
    }

    /**
     * Waits for its end.
     *
     * @param held when it was the other one's turn
     */
    Arm end(List<Held> held) throws IOException, InterruptedException {
      PlainTrl.end(process, command, out);
      return Arm.read(events(), training.steps(), held);
    }
  }

  /**
   * Trains.
   *
   * @param name of the run, not used before
   * @param cores where to run; empty for anywhere
   */
  Started start(String name, Training training, int count, Order order, Optional<Cores> cores)
      throws IOException, InterruptedException {
    var visits = visits(training, count);
    var out = Files.createDirectories(scratch.resolve(name));
    var command = new ArrayList<String>();
    cores.ifPresent(
        two -> command.addAll(List.of("taskset", "-c", Integer.toString(two.trainer()))));
    command.addAll(python("plain_trl.py"));
    command.addAll(
        List.of(
            model.toString(),
            visits.resolve(order.file).toString(),
            visits.resolve("training.json").toString(),
            out.toString()));
    return new Started(started(command, out, false), command, out, training);
  }

  /** Rendered, masked and ordered by Fettle's own code, once for each number of steps. */
  private Path visits(Training training, int count) throws IOException, InterruptedException {
    var out = scratch.resolve("visits-" + training.steps());
    if (!Files.exists(out)) {
      Files.createDirectories(out);
      var config = out.resolve("training.json");
      Files.write(config, training.config(count));
      var command = new ArrayList<>(python("visits.py"));
      command.addAll(List.of(model.toString(), rows.toString(), config.toString(), out.toString()));
      end(started(command, out, true), command, out);
    }
    return out;
  }

  private List<String> python(String script) throws IOException, InterruptedException {
    return List.of(environments.python("train").toString(), scripts.resolve(script).toString());
  }

  private Process started(List<String> command, Path out, boolean withSources) throws IOException {
    var builder =
        new ProcessBuilder(command)
            .directory(out.toFile())
            .redirectErrorStream(true)
            .redirectInput(new File("/dev/null"))
            .redirectOutput(log(out).toFile());
    builder.environment().putAll(environments.variables());
    if (!withSources) {
      builder.environment().remove(SOURCES);
    }
    return builder.start();
  }

  private static void end(Process process, List<String> command, Path out)
      throws IOException, InterruptedException {
    try {
      if (process.waitFor() != 0) {
        throw new IOException(
            "%s ended with %d:%n%s"
                .formatted(String.join(" ", command), process.exitValue(), tail(log(out))));
      }
    } finally {
      if (process.isAlive()) {
        process.destroy();
        process.waitFor(10, TimeUnit.SECONDS);
      }
    }
  }

  private static Path log(Path out) {
    return out.resolve("log.txt");
  }

  private static String tail(Path log) throws IOException {
    var lines = Files.readAllLines(log);
    return String.join("\n", lines.subList(Math.max(0, lines.size() - 20), lines.size()));
  }
}
