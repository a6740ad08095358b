package io.fettle.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "approve",
    description = "Approves a run that waits for it; it goes on to deploy.",
    mixinStandardHelpOptions = true)
public final class ApproveCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    return run.run((_, runs, found) -> Surgery.decide(runs, found, true, who, output).code());
  }
}
