package io.fettle.cli.command;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "cancel",
    description =
        "Cancels a run: a last checkpoint, then its host goes back and nothing is left running.",
    mixinStandardHelpOptions = true)
public final class CancelCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    return run.run((_, runs, found) -> Surgery.cancel(runs, found, who, output).code());
  }
}
