package io.fettle.activities.programs;

import io.fettle.activities.programs.Environments.Options;
import io.fettle.activities.programs.Environments.Progress;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;

/**
 * The tool that makes environments: the pinned one in {@code tools/}, one on the PATH, else
 * installed by pip.
 */
final class Uv {
  private static final int LINES_TOLD = 6;

  private final String executable;
  private final Path log;
  private final MakerLock.Waiting watcher;

  Uv(String executable, Path log, MakerLock.Waiting watcher) {
    this.executable = executable;
    this.log = log;
    this.watcher = watcher;
  }

  static String find(Options options, String environment, Progress progress)
      throws IOException, InterruptedException {
    Path tools = Files.createDirectories(options.home().resolve("tools")).toAbsolutePath();
    Path pinned = tools.resolve("uv/bin/uv");
    for (String candidate : List.of(pinned.toString(), "uv")) {
      if (answers(candidate)) {
        return candidate;
      }
    }
    try (var lock = MakerLock.take(tools.resolve("uv.lock"), () -> {})) {
      if (!Files.isExecutable(pinned)) {
        progress.on(environment, "install uv", 0, 1, "packages");
        install(options.programs().resolve("uv.lock"), tools);
        lock.confirm();
      }
    }
    return pinned.toString();
  }

  private static boolean answers(String candidate) throws IOException, InterruptedException {
    try {
      Process asked =
          new ProcessBuilder(candidate, "--version")
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      return asked.waitFor(20, TimeUnit.SECONDS) && asked.exitValue() == 0;
    } catch (IOException e) {
      return false; // not there
    }
  }

  private static void install(Path hashes, Path tools) throws IOException, InterruptedException {
    Path log = tools.resolve("uv.log");
    Files.deleteIfExists(log);
    var python = new Uv(python(), log, () -> {});
    python.run(
        "uv, which makes the Python environments,",
        List.of(
            "-m",
            "pip",
            "install",
            "--quiet",
            "--no-deps",
            "--require-hashes",
            "--upgrade",
            "--target",
            tools.resolve("uv").toString(),
            "-r",
            hashes.toString()));
  }

  private static String python() throws IOException, InterruptedException {
    for (String candidate : List.of("python3", "python")) {
      if (answers(candidate)) {
        return candidate;
      }
    }
    throw new IOException(
        "no Python was found; install Python 3.11 or newer (apt-get install python3 python3-pip), or uv"
            + " (https://docs.astral.sh/uv)");
  }

  /**
   * Runs to the end, everything that it says going to the log.
   *
   * @throws IOException a sentence with the end of the log, if it fails
   */
  void run(String what, List<String> arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(executable));
    command.addAll(arguments);
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().keySet().removeAll(List.of("VIRTUAL_ENV", "PYTHONPATH", "PYTHONHOME"));
    builder.environment().put("NO_COLOR", "1");
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    Process process = builder.start();
    try {
      while (!process.waitFor(200, TimeUnit.MILLISECONDS)) {
        watcher.look();
      }
      watcher.look();
    } finally {
      process.destroy();
    }
    if (process.exitValue() != 0) {
      throw new IOException(
          what + " could not be installed: " + reason() + " (all of it: " + log + ")" + advice());
    }
  }

  private String reason() throws IOException {
    List<String> lines =
        Files.readAllLines(log).stream()
            .map(String::strip)
            .filter(line -> !line.isEmpty())
            .toList();
    return String.join(" ", lines.subList(Math.max(0, lines.size() - LINES_TOLD), lines.size()));
  }

  private String advice() throws IOException {
    String text = Files.readString(log);
    if (text.contains("No module named pip")) {
      return "; install pip (apt-get install python3-pip), or uv (https://docs.astral.sh/uv)";
    }
    if (text.contains("No space left")) {
      return "; the disk is full: free some space, or set FETTLE_HOME and UV_CACHE_DIR to a larger disk";
    }
    Optional<String> unreachable =
        List.of(
                "error sending request",
                "dns error",
                "Could not connect",
                "Failed to establish",
                "Failed to fetch")
            .stream()
            .filter(text::contains)
            .findFirst();
    return unreachable.isPresent()
        ? "; is the package index reachable? UV_DEFAULT_INDEX and PIP_INDEX_URL name a mirror"
        : "; run the command again once that is mended";
  }
}
