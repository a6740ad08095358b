package io.fettle.cli.command;

import com.fasterxml.jackson.annotation.JsonUnwrapped;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.LocalStatus;
import io.fettle.cli.local.Progress;
import io.fettle.cli.runs.Costs;
import io.fettle.cli.view.RunLines;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "status",
    description =
        "Says which local processes run, where they listen and log, and what hosts have cost.",
    mixinStandardHelpOptions = true)
public final class StatusCommand implements Callable<Integer> {
  @Mixin private Output output;

  record Result(@JsonUnwrapped LocalStatus status, Costs costs) {}

  @Override
  public Integer call() {
    var cluster = LocalCluster.current(Progress.silent());
    var status = cluster.status();
    print(status);
    var costs = Costs.of(cluster);
    print(costs);
    output.result(new Result(status, costs));
    return ExitCode.DONE.code();
  }

  private void print(Costs costs) {
    costs
        .runs()
        .forEach(
            each -> output.say("  run %s: %s".formatted(each.run(), RunLines.bill(each.bill()))));
    if (!costs.unknown().isEmpty()) {
      output.say("what hosts have cost is not known: " + costs.unknown());
    }
  }

  private void print(LocalStatus status) {
    if (!status.running()) {
      output.say("not running: " + status.home() + "; `fettle up` starts it");
    } else {
      output.say("server  %s, namespace %s".formatted(status.address(), status.namespace()));
    }
    if (status.ui() != null) {
      output.say("web UI  " + status.ui());
    }
    status.heldBack().forEach(output::say);
    status.processes().forEach(each -> output.say(line(each)));
    status.endpoints().forEach((name, url) -> output.say("  endpoint %s  %s".formatted(name, url)));
  }

  private static String line(LocalStatus.Entry each) {
    var port = each.port() == 0 ? "" : "port " + each.port();
    var restarts = each.restarts() == 0 ? "" : "restarted " + each.restarts() + "x";
    return String.format(
            Locale.ROOT,
            "  %-24s %-11s pid %-8d %-10s %-14s %s",
            each.name(),
            each.state(),
            each.pid(),
            port,
            restarts,
            each.log())
        .stripTrailing();
  }
}
