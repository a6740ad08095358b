package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "down",
    description = {
      "Drains and stops the local server, workers, trainers and engines.",
      "Runs, checkpoints and models stay; `fettle up` goes on with them."
    },
    mixinStandardHelpOptions = true)
public final class DownCommand implements Callable<Integer> {
  @Mixin private Output output;

  record Result(List<String> stopped) {}

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    var stopped = cluster.down();
    stopped.forEach(each -> output.say("stopped " + each));
    output.say(
        stopped.isEmpty()
            ? "nothing was running in " + cluster.home().path()
            : "kept %s; `fettle up` goes on with it".formatted(cluster.home().state()));
    output.result(new Result(stopped));
    return ExitCode.DONE.code();
  }
}
