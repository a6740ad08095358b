package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "clean",
    description = {
      "Deletes tools and environments, which any command makes again.",
      "With --runs also the server's file, the store and the logs: every run, checkpoint and model."
    },
    mixinStandardHelpOptions = true)
public final class CleanCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(names = "--runs", description = "Delete every run, checkpoint and model too. Asks first.")
  private boolean runs;

  @Option(names = "--yes", description = "Do not ask.")
  private boolean yes;

  record Result(List<Path> deleted) {}

  @Override
  public Integer call() {
    var cluster = LocalCluster.current(Progress.silent());
    if (!cluster.status().processes().isEmpty()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "processes of %s still run; `fettle down` stops them".formatted(cluster.home().path()));
    }
    var folders = new ArrayList<>(List.of(cluster.home().tools(), cluster.home().environments()));
    if (runs) {
      folders.add(cluster.home().state());
    }
    if (runs
        && !yes
        && !Question.isAnsweredYes(
            "Delete every run, checkpoint and model in %s?".formatted(cluster.home().state()))) {
      throw new CommandFailure(ExitCode.INVALID, "nothing was deleted; --yes answers the question");
    }
    var deleted = cluster.delete(folders);
    deleted.forEach(each -> output.say("deleted " + each));
    output.result(new Result(deleted));
    return ExitCode.DONE.code();
  }
}
