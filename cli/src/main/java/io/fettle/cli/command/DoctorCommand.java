package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import io.fettle.cli.local.Site;
import java.nio.file.Path;
import java.time.LocalDate;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "doctor",
    description = "Says what this machine has, what is missing and how to get it.",
    subcommands = DoctorHostCommand.class,
    mixinStandardHelpOptions = true)
public final class DoctorCommand implements Callable<Integer> {
  @Mixin private Output output;

  record Report(boolean ok, List<Prerequisite> prerequisites, List<String> alarms) {}

  @Override
  public Integer call() {
    var home = Path.of(System.getProperty("fettle.home", ".fettle")).toAbsolutePath();
    var found = new ArrayList<>(new Machine(home, System.getenv(), Machine.USUAL_PORTS).inspect());
    var site = Site.of(home, System.getenv());
    var user = Path.of(System.getProperty("user.home"));
    found.addAll(
        new PoolChecks(site, System.getenv(), user, LocalDate.now(ZoneId.systemDefault())).lines());
    found.forEach(each -> output.say(line(each)));
    var alarms = LocalCluster.current(Progress.silent()).alarms();
    alarms.forEach(each -> output.say(line(Prerequisite.note("runs", each, ""))));
    boolean ok = found.stream().noneMatch(each -> each.state() == Prerequisite.State.MISSING);
    output.result(new Report(ok, found, alarms));
    return (ok ? ExitCode.DONE : ExitCode.PREREQUISITE_MISSING).code();
  }

  private static String line(Prerequisite each) {
    String fix = each.fix().isEmpty() ? "" : "; " + each.fix();
    String state =
        each.state() == Prerequisite.State.MISSING
            ? "MISSING"
            : each.state().name().toLowerCase(Locale.ROOT);
    return String.format(Locale.ROOT, "  %-8s %-12s %s%s", state, each.name(), each.found(), fix);
  }
}
