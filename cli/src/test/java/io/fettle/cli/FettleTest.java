package io.fettle.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import picocli.CommandLine.Help.Ansi;

class FettleTest {
  private static final Path USAGE =
      Path.of(System.getProperty("fettle.root"), "cli/src/main/resources/io/fettle/cli/usage.txt");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void exit_codes_are_a_contract() {
    assertThat(Arrays.stream(ExitCode.values()).map(code -> code + " " + code.code()))
        .containsExactly(
            "DONE 0",
            "FAILED 1",
            "INVALID 2",
            "GATE_CLOSED 3",
            "NOT_APPROVED 4",
            "CANCELLED 5",
            "UNREACHABLE 6",
            "PREREQUISITE_MISSING 7",
            "ADVISED_AGAINST 8",
            "PARKED 9");
  }

  /**
   * The launcher prints the file, without a JDK. After a change: {@code ./fettle mvn test -pl cli
   * -am -Dfettle.update}.
   */
  @Test
  void the_listing_that_the_launcher_prints_is_the_one_of_the_command_line() throws IOException {
    String usage = Fettle.commandLine().getUsageMessage(Ansi.OFF);
    if (System.getProperty("fettle.update") != null) {
      Files.writeString(USAGE, usage);
    }
    assertThat(USAGE).hasContent(usage);
  }

  @Test
  void every_command_explains_itself() {
    for (var command : Fettle.commandLine().getSubcommands().values()) {
      assertThat(command.getCommandSpec().usageMessage().description())
          .as(command.getCommandName())
          .isNotEmpty();
      assertThat(command.getCommandSpec().optionsMap())
          .as(command.getCommandName())
          .containsKey("--help");
    }
  }

  @Test
  void an_unknown_command_is_invalid_usage_and_names_the_near_miss() {
    assertThat(execute("docter")).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("doctor");
  }

  private int execute(String... args) {
    return Fettle.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
