package io.fettle.cli.command;

import picocli.CommandLine.Command;

/** {@code fettle data}: the data engine alone, without a run. */
@Command(
    name = "data",
    description = "Prepares, looks into and compares rows and datasets, without a run.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      DataPrepareCommand.class,
      DataInspectCommand.class,
      DataDedupCommand.class,
      DataDiffCommand.class,
      DataExportCommand.class,
      DataReportCommand.class
    },
    mixinStandardHelpOptions = true)
public final class DataCommand {}
