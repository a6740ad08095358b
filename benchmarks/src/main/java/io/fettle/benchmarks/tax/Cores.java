package io.fettle.benchmarks.tax;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * Two processors of this machine: one for the trainer alone, one for all else. Linux's {@code
 * taskset} binds a process with its threads; what it starts inherits the binding.
 *
 * @param allowed what this process may use, as Linux writes it: {@code 0-3,8}
 */
record Cores(int trainer, int others, String allowed) {
  static final String MISSING = "needs Linux with taskset and two processors";
  private static final Path STATUS = Path.of("/proc/self/status");
  private static final String ALLOWED = "Cpus_allowed_list:";

  /** The first and the last that this process may use; empty where it cannot bind to two. */
  static Optional<Cores> find() throws IOException, InterruptedException {
    if (!Files.isReadable(STATUS)) {
      return Optional.empty();
    }
    try (var lines = Files.lines(STATUS)) {
      var allowed =
          lines
              .filter(line -> line.startsWith(ALLOWED))
              .map(line -> line.substring(ALLOWED.length()).strip())
              .findFirst();
      var found = allowed.flatMap(Cores::of);
      return found.isPresent() && hasTaskset() ? found : Optional.empty();
    }
  }

  static Optional<Cores> of(String allowed) {
    var each = new ArrayList<Integer>();
    for (var range : allowed.split(",", -1)) {
      var ends = range.split("-", 2);
      for (int core = Integer.parseInt(ends[0]);
          core <= Integer.parseInt(ends[ends.length - 1]);
          core++) {
        each.add(core);
      }
    }
    return each.size() < 2
        ? Optional.empty()
        : Optional.of(new Cores(each.getLast(), each.getFirst(), allowed));
  }

  private static boolean hasTaskset() throws InterruptedException {
    try {
      taskset(List.of("-p", Long.toString(ProcessHandle.current().pid())));
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  void bindTrainer(long pid) throws IOException, InterruptedException {
    bind(pid, Integer.toString(trainer));
  }

  /** This process, and what it starts from now on. */
  void bindSelf() throws IOException, InterruptedException {
    bind(ProcessHandle.current().pid(), Integer.toString(others));
  }

  void freeSelf() throws IOException, InterruptedException {
    bind(ProcessHandle.current().pid(), allowed);
  }

  private static void bind(long pid, String cores) throws IOException, InterruptedException {
    taskset(List.of("-acp", cores, Long.toString(pid)));
  }

  private static void taskset(List<String> arguments) throws IOException, InterruptedException {
    var command = new ArrayList<>(List.of("taskset"));
    command.addAll(arguments);
    var process =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start();
    if (!process.waitFor(10, TimeUnit.SECONDS) || process.exitValue() != 0) {
      process.destroyForcibly();
      throw new IOException("%s failed".formatted(String.join(" ", command)));
    }
  }
}
