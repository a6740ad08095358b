package io.fettle.cli;

import io.fettle.cli.command.AdviseCommand;
import io.fettle.cli.command.AmendCommand;
import io.fettle.cli.command.ApproveCommand;
import io.fettle.cli.command.AskCommand;
import io.fettle.cli.command.CancelCommand;
import io.fettle.cli.command.CatalogueCommand;
import io.fettle.cli.command.CheckpointsCommand;
import io.fettle.cli.command.CleanCommand;
import io.fettle.cli.command.CompareCommand;
import io.fettle.cli.command.DataCommand;
import io.fettle.cli.command.DemoCommand;
import io.fettle.cli.command.DoctorCommand;
import io.fettle.cli.command.DownCommand;
import io.fettle.cli.command.ExportCommand;
import io.fettle.cli.command.GcCommand;
import io.fettle.cli.command.InitCommand;
import io.fettle.cli.command.ListCommand;
import io.fettle.cli.command.LogsCommand;
import io.fettle.cli.command.OpenCommand;
import io.fettle.cli.command.PauseCommand;
import io.fettle.cli.command.PlanCommand;
import io.fettle.cli.command.RateCommand;
import io.fettle.cli.command.RejectCommand;
import io.fettle.cli.command.ReportCommand;
import io.fettle.cli.command.RunCommand;
import io.fettle.cli.command.ShowCommand;
import io.fettle.cli.command.StatusCommand;
import io.fettle.cli.command.StoreCommand;
import io.fettle.cli.command.UnpauseCommand;
import io.fettle.cli.command.UpCommand;
import io.fettle.cli.command.ValidateCommand;
import io.fettle.cli.command.WatchCommand;
import java.io.PrintWriter;
import java.util.List;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Help.Ansi;

/**
 * The root command. The launcher answers {@code mvn, test, link, bench} itself and starts this
 * class for all others.
 */
@Command(
    name = "fettle",
    description = "Takes rows and a base model to a model that serves, as one durable run.",
    synopsisSubcommandLabel = "COMMAND",
    footerHeading = "%nBy the launcher:%n",
    footer = {
      "  bench NAME   run a published benchmark (--quick, --full, --json)",
      "  test         run the whole test suite",
      "  mvn ARGS     run Maven on the JDK that was found",
      "  link         put fettle on the PATH"
    },
    mixinStandardHelpOptions = true,
    versionProvider = Version.class)
public final class Fettle {
  /** Every subcommand, in the order of {@code --help}. */
  private static final List<Class<?>> COMMANDS =
      List.of(
          DemoCommand.class,
          InitCommand.class,
          ValidateCommand.class,
          PlanCommand.class,
          CatalogueCommand.class,
          AdviseCommand.class,
          RunCommand.class,
          WatchCommand.class,
          ListCommand.class,
          ShowCommand.class,
          CheckpointsCommand.class,
          LogsCommand.class,
          ReportCommand.class,
          CompareCommand.class,
          RateCommand.class,
          OpenCommand.class,
          AskCommand.class,
          ExportCommand.class,
          ApproveCommand.class,
          RejectCommand.class,
          CancelCommand.class,
          PauseCommand.class,
          UnpauseCommand.class,
          AmendCommand.class,
          UpCommand.class,
          StatusCommand.class,
          DownCommand.class,
          DataCommand.class,
          StoreCommand.class,
          GcCommand.class,
          CleanCommand.class,
          DoctorCommand.class);

  private Fettle() {}

  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  /** The command line as it is started by users; tests give it writers of their own. */
  public static CommandLine commandLine() {
    var commandLine = new CommandLine(new Fettle());
    COMMANDS.forEach(commandLine::addSubcommand);
    return commandLine
        .setUsageHelpWidth(100)
        .setExecutionExceptionHandler((failure, command, _) -> explain(failure, command));
  }

  private static int explain(Exception failure, CommandLine command) {
    PrintWriter err = command.getErr();
    if (failure instanceof CommandFailure known) {
      err.println(Ansi.AUTO.string("@|bold,red fettle:|@ ") + known.getMessage());
      return known.exitCode().code();
    }
    err.println("fettle: this is a bug in Fettle; please report it with what follows");
    failure.printStackTrace(err);
    return ExitCode.FAILED.code();
  }
}
