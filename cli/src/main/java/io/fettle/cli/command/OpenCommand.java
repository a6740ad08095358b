package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.runs.RunPage;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "open",
    description = "Opens a run's page in the Temporal UI, or prints its address.",
    mixinStandardHelpOptions = true)
public final class OpenCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Output output;

  record Result(String run, String ui) {}

  @Override
  public Integer call() throws InterruptedException {
    return run.run(
        (cluster, _, found) -> {
          var page =
              RunPage.of(cluster.status(), found)
                  .orElseThrow(
                      () ->
                          new CommandFailure(
                              ExitCode.INVALID,
                              "the configured server's web UI is not known here; look there for the workflow "
                                  + found.id()));
          output.say(page.toString());
          if (!Browser.show(page)) {
            output.say("no browser was found; open it yourself");
          }
          output.result(new Result(found.id(), page.toString()));
          return ExitCode.DONE.code();
        });
  }
}
