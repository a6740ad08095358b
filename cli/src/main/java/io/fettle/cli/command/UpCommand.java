package io.fettle.cli.command;

import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.view.ProgressBar;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "up",
    description = "Starts the local server and workers; does nothing that is done already.",
    mixinStandardHelpOptions = true)
public final class UpCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(new ProgressBar(System.err));
    try (var connection = cluster.ensureUp()) {
      output.say("Temporal server  " + connection.options());
    }
    var status = cluster.status();
    if (status.ui() != null) {
      output.say("web UI           " + status.ui());
    }
    status.heldBack().forEach(output::say);
    output.say("logs             " + cluster.home().logs());
    output.say("`fettle status` says what runs, `fettle down` stops it");
    output.result(status);
    return ExitCode.DONE.code();
  }
}
