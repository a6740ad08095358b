package io.fettle.cli.local;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/** A program of the system, run to its end. */
final class Tool {
  private static final int TAIL_LINES = 5;

  private Tool() {}

  /** The first executable of that name on the PATH. */
  static Optional<Path> onPath(String name) {
    var path = System.getenv().getOrDefault("PATH", "");
    return List.of(path.split(java.io.File.pathSeparator)).stream()
        .filter(folder -> !folder.isBlank())
        .map(folder -> Path.of(folder, name))
        .filter(file -> Files.isExecutable(file) && !Files.isDirectory(file))
        .findFirst();
  }

  /**
   * Runs it and hears each line of its output.
   *
   * @return all it printed last, a few lines
   * @throws IOException if it does not exit with 0; the message ends with those lines
   */
  static String run(List<String> command, Map<String, String> environment, Consumer<String> line)
      throws IOException, InterruptedException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().putAll(environment);
    var process = builder.start();
    process.getOutputStream().close();
    var tail = new ArrayDeque<String>();
    try (var out = process.inputReader(StandardCharsets.UTF_8)) {
      for (var text = out.readLine(); text != null; text = out.readLine()) {
        line.accept(text);
        tail.add(text);
        if (tail.size() > TAIL_LINES) {
          tail.remove();
        }
      }
    } finally {
      if (Thread.currentThread().isInterrupted()) {
        process.destroy();
      }
    }
    var code = process.waitFor();
    if (code != 0) {
      throw new IOException(
          "%s exited with %d: %s".formatted(command.getFirst(), code, String.join(" | ", tail)));
    }
    return String.join("\n", tail);
  }
}
