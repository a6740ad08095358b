package io.fettle.cli.command;

import io.fettle.cli.view.Watch;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "watch",
    description = "Follows a run to its end; Ctrl-C leaves the run as it is.",
    mixinStandardHelpOptions = true)
public final class WatchCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    return run.run(
        (_, runs, found) -> {
          var ended = new Watch(runs, output.screen()).follow(found);
          output.result(RunCommand.Report.of(found.id(), ended));
          return ended.code().code();
        });
  }
}
