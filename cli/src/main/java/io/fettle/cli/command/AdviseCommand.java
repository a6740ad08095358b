package io.fettle.cli.command;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.plan.Planner;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.Runs;
import io.fettle.cli.runs.Submission;
import io.fettle.cli.view.ProgressBar;
import io.fettle.cli.view.Watch;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "advise",
    description = {
      "Says whether fine-tuning is the right tool, from what prompting reaches on dev.",
      "Trains nothing but what --curve asks for. A run of the same spec looks the steps up that",
      "were done here."
    },
    mixinStandardHelpOptions = true)
public final class AdviseCommand implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Output output;

  @Option(
      names = "--curve",
      description = {
        "Train on a quarter and on half of the rows, to tell whether more would help; as",
        "--set evaluate.advise.curve=true."
      })
  private boolean curve;

  @Option(names = "--fresh", description = "Do finished steps again.")
  private boolean fresh;

  /** What {@code --json} prints; {@code finding} is the advice with its numbers. */
  record Report(String run, String ended, String report, JsonNode finding) {}

  @Override
  public Integer call() throws InterruptedException {
    var accepted = spec.accepted(curve ? List.of("evaluate.advise.curve=true") : List.of());
    Planner.learningCurve(accepted.spec()).ifPresent(output::say);
    var cluster = LocalCluster.current(new ProgressBar(System.err));
    cluster.checkPlaces(accepted.spec());
    try (var connection = cluster.ensureUp()) {
      String run =
          new Submission(connection.client(), cluster.store()).startAdvice(accepted, fresh);
      output.say("run " + run);
      var runs = new Runs(connection.client());
      var ended = new Watch(runs, output.screen()).follow(runs.byId(run));
      if (ended.code() != ExitCode.DONE) {
        output.result(new Report(run, ended.why(), "", MissingNode.getInstance()));
        return ended.code().code();
      }
      try (var records = Records.in(cluster.store())) {
        var record = records.required(run);
        JsonNode finding =
            record
                .document("baselines")
                .map(records::json)
                .orElse(MissingNode.getInstance())
                .path("finding");
        say(finding);
        if (Planner.learningCurve(accepted.spec()).isPresent() && !finding.has("curve")) {
          output.say(
              "curve     none was trained: prompting has decided already, or the rows are too few");
        }
        String page = records.report(record).getPath();
        output.say("report    " + page);
        output.result(new Report(run, "ADVISED", page, finding));
      }
      return ExitCode.DONE.code();
    }
  }

  private void say(JsonNode finding) {
    String advice = finding.path("advice").asText().replace("_AND_", " + ").replace('_', '-');
    output.say("advice    " + advice);
    output.say("because   " + finding.path("why").asText());
    output.say("next      " + finding.path("next").asText());
    for (JsonNode share : finding.path("anatomy")) {
      output.say(
          String.format(
              Locale.ROOT,
              "failures  %.0f %% [%.0f, %.0f] for want of %s",
              share.path("share").asDouble() * 100,
              share.path("low").asDouble() * 100,
              share.path("high").asDouble() * 100,
              share.path("cause").asText().toLowerCase(Locale.ROOT)));
    }
    finding.path("remarks").forEach(remark -> output.say("          " + remark.asText()));
  }
}
