package io.fettle.benchmarks.capacity;

import io.fettle.benchmarks.capacity.PoolChild.Death;
import io.fettle.benchmarks.capacity.PoolChild.Job;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Processes that die where they are told to, started quickly. */
final class Children {
  private static final int PATIENCE_SECONDS = 60;

  private final Path folder;

  /**
   * @param folder for the classes that the first child leaves loaded for the others
   */
  Children(Path folder) {
    this.folder = folder;
  }

  /**
   * Runs one to its end.
   *
   * @throws IllegalStateException if it does not die as it should: the point was not reached
   */
  void run(Job job) throws IOException, InterruptedException {
    var log = folder.resolve("child.log");
    var process =
        new ProcessBuilder(command(job))
            .redirectError(ProcessBuilder.Redirect.to(log.toFile()))
            .start();
    try (var out = process.inputReader()) {
      if (job.death() == Death.KILL && PoolChild.AT.equals(out.readLine())) {
        process.destroyForcibly(); // SIGKILL
      }
      if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
        throw new IllegalStateException(job + " does not end: " + Files.readString(log));
      }
    } finally {
      process.destroyForcibly();
    }
    int wanted = job.death() == Death.NEVER ? 0 : PoolChild.KILLED;
    if (process.exitValue() != wanted) {
      throw new IllegalStateException(
          "%s ended with %d: %s".formatted(job, process.exitValue(), Files.readString(log)));
    }
  }

  private List<String> command(Job job) {
    var command = new ArrayList<String>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(
        List.of(
            "-Xmx128m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-Xlog:disable",
            "-Xlog:all=off",
            "-Dfettle.log=OFF",
            "-cp",
            System.getProperty("java.class.path"),
            PoolChild.class.getName()));
    command.addAll(1, sharedClasses());
    command.addAll(job.words());
    return command;
  }

  /** Halves a start; only classes of jars can be shared. */
  private List<String> sharedClasses() {
    var entries = System.getProperty("java.class.path").split(File.pathSeparator);
    return Arrays.stream(entries).allMatch(entry -> entry.endsWith(".jar"))
        ? List.of(
            "-XX:+AutoCreateSharedArchive", "-XX:SharedArchiveFile=" + folder.resolve("child.jsa"))
        : List.of();
  }
}
