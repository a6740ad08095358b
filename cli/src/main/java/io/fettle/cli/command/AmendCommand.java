package io.fettle.cli.command;

import io.fettle.workflows.run.Amend;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

@Command(
    name = "amend",
    description = "Changes what a live run still will do; what nothing would honour is refused.",
    mixinStandardHelpOptions = true)
public final class AmendCommand implements Callable<Integer> {
  @Mixin private RunArgument run;
  @Mixin private Who who;
  @Mixin private Output output;

  @Option(
      names = "--pool",
      paramLabel = "POOL",
      description = "The pool to ask for the next host; a pause moves a run that trains.")
  private @Nullable String pool;

  @Option(
      names = "--shape",
      paramLabel = "SHAPE",
      description = "The machine type to ask for with the next host.")
  private @Nullable String shape;

  @Option(
      names = "--deadline",
      paramLabel = "TIME",
      converter = Span.class,
      description = "When training has to be done, counted from the run's start, as in 6h.")
  private @Nullable Duration deadline;

  @Option(
      names = "--budget",
      paramLabel = "DOLLARS",
      description = "What the run's hosts may cost in all.")
  private @Nullable Double budget;

  @Option(
      names = "--checkpoint-interval",
      paramLabel = "TIME",
      converter = Span.class,
      description = "Longest time between checkpoints from the next lease on, as in 5m.")
  private @Nullable Duration checkpointInterval;

  @Option(
      names = "--skip-gate",
      description = "Go on even where the gate does not say PASS; the verdict stays on record.")
  private boolean skipGate;

  @Override
  public Integer call() throws InterruptedException {
    var why = who.withReason();
    var change =
        new Amend(
            why.by(),
            why.reason(),
            Optional.ofNullable(pool),
            Optional.ofNullable(shape),
            Optional.ofNullable(deadline),
            Optional.ofNullable(checkpointInterval),
            skipGate,
            Optional.ofNullable(budget));
    return run.run((_, runs, found) -> Surgery.amend(runs, found, change, output).code());
  }
}
