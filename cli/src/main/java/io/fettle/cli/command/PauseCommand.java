package io.fettle.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "pause",
    description =
        "Has a run wait: a checkpoint, its host goes back, and unpause goes on from there.",
    mixinStandardHelpOptions = true)
public final class PauseCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    var why = who.withReason();
    return run.run((_, runs, found) -> Surgery.pause(runs, found, why, output).code());
  }
}
