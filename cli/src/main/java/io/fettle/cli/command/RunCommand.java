package io.fettle.cli.command;

import io.fettle.activities.plan.Planner;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Runs;
import io.fettle.cli.runs.Submission;
import io.fettle.cli.view.ProgressBar;
import io.fettle.cli.view.Watch;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.training.TakeOver;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "run",
    description = {
      "Runs a spec and watches it.",
      "A live run of the same spec is joined; of a finished one, unchanged steps are looked up, not",
      "repeated."
    },
    mixinStandardHelpOptions = true)
public final class RunCommand implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Output output;

  @Option(names = "--detach", description = "Return once the run is accepted.")
  private boolean detach;

  @Option(names = "--fresh", description = "Do finished steps again.")
  private boolean fresh;

  @Option(
      names = "--take-over",
      description =
          "End another namespace's hold of this run. Needs --reason; kept with the lease.")
  private boolean takeOver;

  @Mixin private Who who;

  record Accepted(String run) {}

  /** What {@code --json} prints of a watched run; {@code record} is null where it left none. */
  record Report(String run, String ended, String why, @Nullable RunRecord record) {
    static Report of(String run, Watch.Ended ended) {
      return new Report(run, ended.code().name(), ended.why(), ended.record().orElse(null));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (takeOver) {
      who.withReason();
    }
    var accepted = spec.accepted();
    Planner.learningCurve(accepted.spec()).ifPresent(output::say);
    var cluster = LocalCluster.current(new ProgressBar(System.err));
    cluster.checkPlaces(accepted.spec());
    try (var connection = cluster.ensureUp()) {
      var submission = new Submission(connection.client(), cluster.store());
      String run =
          takeOver
              ? submission.startTakingOver(accepted, fresh, new TakeOver(who.by(), who.reason()))
              : submission.start(accepted, fresh);
      output.say("run " + run);
      if (detach) {
        output.say(
            "follow it with `fettle watch %s`, end it with `fettle cancel %s`".formatted(run, run));
        output.result(new Accepted(run));
        return ExitCode.DONE.code();
      }
      var runs = new Runs(connection.client());
      var ended = new Watch(runs, output.screen()).follow(runs.byId(run));
      output.result(Report.of(run, ended));
      return ended.code().code();
    }
  }
}
