package io.fettle.activities.programs;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;

/** Starts a command under {@code shim.sh}. */
final class Shim {
  private static final Duration STARTED =
      Duration.ofSeconds(30); // fork and exec on a machine that swaps
  private static final Duration POLL = Duration.ofMillis(5);

  private final Program.Spec spec;

  Shim(Program.Spec spec) {
    this.spec = spec;
  }

  Program start() throws IOException, InterruptedException {
    Path workdir = Files.createDirectories(spec.workdir()).toRealPath();
    Optional<Program> running = Program.adopt(workdir);
    if (running.isPresent()) {
      return running.get();
    }
    if (!Files.exists(workdir.resolve("started"))) {
      launch(workdir);
    }
    long deadline = System.nanoTime() + STARTED.toNanos();
    while (System.nanoTime() < deadline && !Files.exists(workdir.resolve("exit.json"))) {
      running = Program.adopt(workdir);
      if (running.isPresent()) {
        return running.get();
      }
      Thread.sleep(POLL);
    }
    return Program.adopt(workdir)
        .orElseThrow(
            () ->
                new IOException(
                    spec.command().getFirst()
                        + " did not start in "
                        + workdir
                        + "; see shim.log and stderr.log there, and start again in a fresh folder"));
  }

  private void launch(Path workdir) throws IOException {
    List<String> line =
        new ArrayList<>(List.of("setsid", "sh", script(workdir).toString(), workdir.toString()));
    line.addAll(spec.command());
    var builder = new ProcessBuilder(line).directory(workdir.toFile());
    builder.environment().putAll(spec.environment());
    builder.redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()));
    builder.redirectErrorStream(true);
    builder.redirectOutput(ProcessBuilder.Redirect.appendTo(workdir.resolve("shim.log").toFile()));
    try {
      builder.start();
    } catch (IOException e) {
      throw new IOException(
          spec.command().getFirst()
              + " cannot be started: "
              + e.getMessage()
              + "; setsid comes with util-linux",
          e);
    }
  }

  /**
   * The script lies in the work directory: sh reads as it goes, and an upgrade may replace ours
   * meanwhile.
   */
  private static Path script(Path workdir) throws IOException {
    Path temp = workdir.resolve(".shim-" + UUID.randomUUID());
    try (InputStream script = Shim.class.getResourceAsStream("shim.sh")) {
      Files.copy(Objects.requireNonNull(script, "shim.sh is part of this jar"), temp);
    }
    return Files.move(temp, workdir.resolve("shim.sh"), StandardCopyOption.ATOMIC_MOVE);
  }
}
