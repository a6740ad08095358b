package io.fettle.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "reject",
    description = "Refuses a run that waits for an approval; it ends with exit code 4.",
    mixinStandardHelpOptions = true)
public final class RejectCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    return run.run((_, runs, found) -> Surgery.decide(runs, found, false, who, output).code());
  }
}
