package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Records;
import io.fettle.cli.runs.RunComparison;
import io.fettle.cli.runs.RunComparison.ArmScores;
import io.fettle.cli.runs.RunComparison.Cost;
import io.fettle.cli.runs.RunComparison.Parameter;
import io.fettle.cli.runs.RunComparison.Score;
import io.fettle.cli.runs.Runs;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;

@Command(
    name = "compare",
    description =
        "Shows what differs between two finished runs: parameters, scores with intervals, cost."
            + " Refused where they were measured by different criteria.",
    mixinStandardHelpOptions = true)
public final class CompareCommand implements Callable<Integer> {
  @Parameters(
      index = "0",
      paramLabel = "RUN",
      description = "Its id, a unique prefix of it, or its name (the newest).")
  private String first = "";

  @Parameters(index = "1", paramLabel = "RUN", description = "The other one, as well.")
  private String second = "";

  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    try (var connection = cluster.connect();
        var records = Records.in(cluster.store())) {
      var runs = new Runs(connection.client());
      var ours = records.required(runs.named(first).id());
      var theirs = records.required(runs.named(second).id());
      var compared = RunComparison.of(records, ours, theirs);
      say(compared);
      output.result(compared);
      return ExitCode.DONE.code();
    }
  }

  private void say(RunComparison compared) {
    output.say("1  " + compared.first());
    output.say("2  " + compared.second());
    output.say("criteria %.12s, the same".formatted(compared.criteria()));
    output.say("");
    output.say("parameters that differ");
    for (Parameter parameter : compared.parameters()) {
      output.say(
          "  %-36s %-28s %s"
              .formatted(parameter.path(), or(parameter.first()), or(parameter.second())));
    }
    if (compared.parameters().isEmpty()) {
      output.say("  none");
    }
    output.say("");
    output.say("scores on test, with 95 % intervals");
    if (!compared.sameItems()) {
      output.say("  of other test items in each: which model is better cannot be told from them");
    }
    for (ArmScores arm : compared.scores()) {
      output.say("  %-36s %-28s %s".formatted(arm.arm(), of(arm.first()), of(arm.second())));
    }
    output.say("");
    output.say("cost");
    for (Cost cost : compared.costs()) {
      output.say(
          "  %-36s %-28s %s"
              .formatted(
                  cost.what(), of(cost.first(), cost.unit()), of(cost.second(), cost.unit())));
    }
  }

  private static String or(@Nullable String value) {
    return value == null ? "-" : value;
  }

  private static String of(@Nullable Score score) {
    return score == null
        ? "-"
        : String.format(
            Locale.ROOT,
            "%.3f [%.3f, %.3f] of %d",
            score.score(),
            score.low(),
            score.high(),
            score.items());
  }

  private static String of(@Nullable Double value, String unit) {
    return value == null ? "-" : String.format(Locale.ROOT, "%.1f %s", value, unit);
  }
}
