package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = {
      "Runs a spec and watches it. A live run of the same spec is joined; of a finished one, unchanged",
      "steps are looked up, not repeated."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Output output;

  @Option(names = "--detach", description = "Return once the run is accepted.")
  private boolean detach;

  @Option(names = "--fresh", description = "Do finished steps again.")
  private boolean fresh;

  record Accepted(String run) {}

  @Override
  public Integer call() throws InterruptedException {
    var accepted = spec.accepted();
    var cluster = LocalCluster.current(new ProgressBar(System.err));
    try (var connection = cluster.ensureUp()) {
      String run = new Submission(connection.client(), cluster.store()).start(accepted, fresh);
      output.say("run " + run);
      if (detach) {
        output.say(
            "follow it with `fettle watch %s`, end it with `fettle cancel %s`".formatted(run, run));
        output.result(new Accepted(run));
        return ExitCode.DONE.code();
      }
      Runs runs = new Runs(connection.client());
      return new Watch(runs, output).follow(run).code();
    }
  }
}
