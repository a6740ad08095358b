package io.fettle.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "unpause",
    description = "Lets a run that was paused, or parked for an operator, go on.",
    mixinStandardHelpOptions = true)
public final class UnpauseCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    return run.run((_, runs, found) -> Surgery.unpause(runs, found, who, output).code());
  }
}
