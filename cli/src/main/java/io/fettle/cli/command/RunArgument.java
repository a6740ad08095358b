package io.fettle.cli.command;

import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Runs;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Parameters;

/** The run that a command is about; mixed into each command that takes one. */
final class RunArgument {
  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description =
          "Its id, a unique prefix of it, or its name (the newest); without one, the newest run.")
  private @Nullable String given;

  /** What a command does with its run. */
  @FunctionalInterface
  interface Work {
    int with(LocalCluster cluster, Runs runs, Runs.Found run) throws InterruptedException;
  }

  /** Connects, finds the run and works. Starts no process. */
  int run(Work work) throws InterruptedException {
    return run(given, work);
  }

  /** The same for a command that finds its run among other arguments. */
  static int run(@Nullable String given, Work work) throws InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    try (var connection = cluster.connect()) {
      var runs = new Runs(connection.client());
      return work.with(cluster, runs, runs.named(given));
    }
  }
}
