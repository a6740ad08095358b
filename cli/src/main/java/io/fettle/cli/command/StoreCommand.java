package io.fettle.cli.command;

import picocli.CommandLine.Command;

/** {@code fettle store}: looks into object stores, and moves data in and out. */
@Command(
    name = "store",
    description = "Looks into object stores, copies to and from them, and tests what they promise.",
    synopsisSubcommandLabel = "COMMAND",
    subcommands = {
      StoreLsCommand.class,
      StoreCpCommand.class,
      StoreVerifyCommand.class,
      StoreProbeCommand.class
    },
    mixinStandardHelpOptions = true)
public final class StoreCommand {}
