package io.fettle.cli.command;

import picocli.CommandLine.Option;

/** Who acts on a run and why: it is written into the run's history. */
final class Who {
  @Option(
      names = "--by",
      paramLabel = "NAME",
      defaultValue = "${sys:user.name}",
      description = "Who decides (default: ${DEFAULT-VALUE}).")
  private String by;

  @Option(
      names = {"-r", "--reason"},
      paramLabel = "WHY",
      defaultValue = "no reason given",
      description = "Why; kept in the run's history.")
  private String reason;

  String by() {
    return by;
  }

  String reason() {
    return reason;
  }
}
