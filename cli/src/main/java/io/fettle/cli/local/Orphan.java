package io.fettle.cli.local;

import io.fettle.activities.programs.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * A trainer, an engine or another program of a step: it outlives whoever started it, and is found
 * by its work directory.
 */
record Orphan(String name, Program program) {
  private static final int DEPTH = 4;

  /** What runs on one host of the local pool. */
  static List<Orphan> of(Home home, String host) throws IOException {
    return under(home, home.hosts().resolve(host));
  }

  /** Trainers and the programs of other steps, on hosts and beside the control worker. */
  static List<Orphan> steps(Home home) throws IOException {
    var found = new ArrayList<>(under(home, home.hosts()));
    found.addAll(under(home, home.state().resolve("work")));
    return found;
  }

  static List<Orphan> engines(Home home) throws IOException {
    return under(home, home.engines());
  }

  private static List<Orphan> under(Home home, Path parent) throws IOException {
    var found = new ArrayList<Orphan>();
    collect(home, parent, DEPTH, found);
    return found;
  }

  private static void collect(Home home, Path folder, int depth, List<Orphan> found)
      throws IOException {
    var program = Program.adopt(folder);
    if (program.isPresent()) {
      if (program.get().alive()) {
        found.add(new Orphan(home.state().relativize(folder).toString(), program.get()));
      }
      return;
    }
    for (var child : depth == 0 ? List.<Path>of() : folders(folder)) {
      collect(home, child, depth - 1, found);
    }
  }

  private static List<Path> folders(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (var entries = Files.list(parent)) {
      return entries.filter(Files::isDirectory).sorted().toList();
    } catch (NoSuchFileException e) {
      return List.of(); // gone since we looked
    }
  }

  long pid() {
    return program.pid();
  }

  void kill() throws IOException, InterruptedException {
    program.kill();
  }

  /** Asks it to end, waits, and kills what is left. */
  void stop(Duration grace) throws IOException, InterruptedException {
    program.signal(Program.Signal.TERM);
    if (program.await(grace).isEmpty()) {
      program.kill();
    }
  }
}
