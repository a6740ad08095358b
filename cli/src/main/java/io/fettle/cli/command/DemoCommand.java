package io.fettle.cli.command;

import io.fettle.cli.demo.Demo;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.view.ProgressBar;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "demo",
    description = {
      "On a fresh machine, one command from nothing to an answering endpoint.",
      "Tools, environments, a Temporal server, a small base model and a real run. A second demo",
      "reuses every finished step."
    },
    mixinStandardHelpOptions = true)
public final class DemoCommand implements Callable<Integer> {
  @Mixin private Output output;

  @Option(names = "--fresh", description = "Do finished steps again.")
  private boolean fresh;

  @Option(
      names = "--preempt",
      description = "Lose the host half way: the training goes on from its checkpoint on another.")
  private boolean preempt;

  @Option(names = "--spec", hidden = true)
  private @Nullable Path spec;

  @Option(names = "--set", hidden = true)
  private @Nullable List<String> overrides;

  @Override
  public Integer call() throws InterruptedException {
    var cluster = LocalCluster.current(new ProgressBar(System.err));
    var options =
        new Demo.Options(
            Optional.ofNullable(spec), overrides == null ? List.of() : overrides, fresh, preempt);
    var outcome = new Demo(cluster, output.screen(), options).run();
    output.result(outcome.result());
    return outcome.code().code();
  }
}
