package io.fettle.cli.command;

import picocli.CommandLine.Command;

/** {@code fettle rate}: people's blind ratings of a run's answers. */
@Command(
    name = "rate",
    description = "Has people choose between a run's answers, blind, and says how far they agree.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {RateSheetCommand.class, RateReadCommand.class},
    mixinStandardHelpOptions = true)
public final class RateCommand {}
