package io.fettle.cli.command;

import io.fettle.activities.machine.HostCheck;
import io.fettle.activities.machine.HostCheck.Finding;
import io.fettle.activities.machine.HostCheck.State;
import io.fettle.activities.store.Stores;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.local.Progress;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "host",
    description = {
      "Looks this machine over as a GPU host, before a first step: driver, GPU memory, disks,",
      "NCCL, network, store. Writes small files, which it deletes. Exits with 7 if a step would fail."
    },
    mixinStandardHelpOptions = true)
final class DoctorHostCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(
      names = "--work",
      paramLabel = "FOLDER",
      description =
          "Where hosts work, if this machine has no disks of its own (default: the home).")
  private @Nullable Path work;

  record Report(boolean ok, List<Finding> findings) {}

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(Progress.silent());
    var store = cluster.store();
    var options =
        new HostCheck.Options(
            Path.of("/"),
            System.getenv().getOrDefault("PATH", ""),
            work == null ? cluster.home().path() : work.toAbsolutePath(),
            Optional.of(cluster.environments((_, _, _, _, _) -> {})),
            () -> Stores.openProbed(store.root(), store.access()));
    try {
      var found = new HostCheck(options).findings();
      found.forEach(each -> output.say(line(each)));
      boolean ok = found.stream().noneMatch(each -> each.state() == State.MISSING);
      output.result(new Report(ok, found));
      return (ok ? ExitCode.DONE : ExitCode.PREREQUISITE_MISSING).code();
    } catch (IOException e) {
      throw new CommandFailure(
          ExitCode.PREREQUISITE_MISSING, "this machine cannot be read: " + e.getMessage(), e);
    }
  }

  private static String line(Finding each) {
    var state =
        each.state() == State.MISSING ? "MISSING" : each.state().name().toLowerCase(Locale.ROOT);
    var fix = each.fix().isEmpty() ? "" : "; " + each.fix();
    return String.format(Locale.ROOT, "  %-8s %-13s %s%s", state, each.name(), each.found(), fix);
  }
}
