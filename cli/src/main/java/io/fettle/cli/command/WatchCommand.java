package io.fettle.cli.command;

import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "watch",
    description = "Follows a run to its end; Ctrl-C leaves the run as it is.",
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Parameters(
      index = "0",
      arity = "0..1",
      paramLabel = "RUN",
      description = "Id, unique prefix or name; newest run if none.")
  private @Nullable String run;

  @Override
  public Integer call() throws InterruptedException {
    try (var connection = LocalCluster.current(Progress.silent()).connect()) {
      Runs runs = new Runs(connection.client());
      return new Watch(runs, output).follow(runs.named(run).id()).code();
    }
  }
}
