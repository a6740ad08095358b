package io.fettle.cli.command;

import io.fettle.activities.spec.SpecReading;
import io.fettle.cli.ExitCode;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

@Command(
    name = "validate",
    description = {
      "Reads a spec and tells every problem in it at once, each with its fix.",
      "Needs no server and starts nothing."
    },
    mixinStandardHelpOptions = true)
public final class ValidateCommand implements Callable<Integer> {
  @Mixin private SpecFile spec;
  @Mixin private Output output;

  record Result(
      boolean valid,
      Optional<String> run,
      List<SpecReading.Problem> problems,
      List<String> notes) {}

  @Override
  public Integer call() {
    var reading = spec.reading();
    var run = reading.accepted().map(SpecReading.Accepted::runId);
    output.say(
        run.map(id -> reading.file() + " is valid; its run is " + id)
            .orElseGet(() -> reading.describe().stripTrailing()));
    var notes =
        reading.accepted().stream()
            .flatMap(accepted -> accepted.spec().evaluate().unlabelled().stream())
            .toList();
    notes.forEach(note -> output.say("  " + note));
    output.result(new Result(run.isPresent(), run, reading.problems(), notes));
    return (run.isPresent() ? ExitCode.DONE : ExitCode.INVALID).code();
  }
}
