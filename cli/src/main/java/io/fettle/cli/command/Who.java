package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import picocli.CommandLine.Option;

/** Who acts on a run and why: it is written into the run's history. */
final class Who {
  private static final String NO_REASON = "no reason given";

  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decides (default: ${DEFAULT-VALUE}).")
  private String by;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "WHY",
      defaultValue = Who.NO_REASON,
      description = "Why; kept in the run's history.")
  private String reason;

  /** For an order that interrupts or changes a run: the reason is no default. */
  Who withReason() {
    if (reason.equals(NO_REASON)) {
      throw new CommandFailure(
          ExitCode.INVALID, "give --reason WHY; it is kept in the run's history and its report");
    }
    return this;
  }

  String by() {
    return by;
  }

  String reason() {
    return reason;
  }
}
