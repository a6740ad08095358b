package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Runs;
import java.time.ZoneId;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "list",
    description = "Lists the runs that the server knows, the newest first.",
    mixinStandardHelpOptions = true)
public final class ListCommand implements Callable<Integer> {
  private static final DateTimeFormatter STARTED =
      DateTimeFormatter.ofPattern("yyyy-MM-dd HH:mm", Locale.ROOT).withZone(ZoneId.systemDefault());

  @Mixin private Output output;

  record Result(List<Runs.Found> runs) {}

  @Override
  public Integer call() {
    try (var connection = LocalCluster.current(Progress.silent()).connect()) {
      var runs = new Runs(connection.client()).all();
      if (runs.isEmpty()) {
        output.say("no run yet; start one with `fettle run SPEC` or `fettle demo`");
      }
      runs.forEach(run -> output.say(line(run)));
      output.result(new Result(runs));
    }
    return ExitCode.DONE.code();
  }

  static String line(Runs.Found run) {
    return String.format(
            Locale.ROOT,
            "%-32s %s  %-10s %-17s %-12s %s",
            run.id(),
            STARTED.format(run.started()),
            run.status(),
            run.phase(),
            run.outcome().toLowerCase(Locale.ROOT),
            run.verdict())
        .stripTrailing();
  }
}
