package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.Fettle;
import io.fettle.cli.runs.Records;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RunCommandsTest {
  @TempDir Path home;
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final Optional<String> before = Optional.ofNullable(System.getProperty("fettle.home"));

  @BeforeEach
  void nothing_runs_here() {
    System.setProperty("fettle.home", home.toString());
  }

  @AfterEach
  void put_back() {
    before.ifPresentOrElse(
        value -> System.setProperty("fettle.home", value),
        () -> System.clearProperty("fettle.home"));
  }

  @Test
  void a_take_over_needs_its_reason() {
    assertThat(fettle("run", "fettle.yaml", "--take-over")).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains("give --reason WHY");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "watch",
        "list",
        "show",
        "checkpoints",
        "gc",
        "report",
        "open",
        "approve",
        "reject",
        "cancel",
        "unpause",
        "pause -r why",
        "amend --skip-gate -r why",
        "export x DIR",
        "rate sheet",
        "ask why"
      })
  void where_nothing_runs_a_command_says_how_to_start_it_and_that_the_server_is_unreachable(
      String line) {
    assertThat(fettle(line.split(" "))).isEqualTo(ExitCode.UNREACHABLE.code());
    assertThat(err.toString()).contains("fettle up");
  }

  @Test
  void logs_are_named_without_a_server_and_a_whole_name_wins() throws IOException {
    var logs = Files.createDirectories(home.resolve("state/logs"));
    Files.writeString(logs.resolve("control.log"), "one\ntwo\nthree\n");
    Files.writeString(logs.resolve("control-old.log"), "");
    var work = Files.createDirectories(home.resolve("state/hosts/local-1/work/tiny-1-000001"));
    Files.writeString(work.resolve("stderr.log"), "loss\n");
    assertThat(fettle("logs")).isZero();
    assertThat(out.toString())
        .contains("control  ", "control-old  ", "hosts/local-1/work/tiny-1-000001/stderr  ");
    out.getBuffer().setLength(0);
    assertThat(fettle("logs", "control", "-n", "2")).isZero();
    assertThat(out).hasToString("two\nthree\n");
    out.getBuffer().setLength(0);
    assertThat(fettle("logs", "tiny-1")).isZero();
    assertThat(out).hasToString("loss\n");
    assertThat(fettle("logs", "nothing")).isEqualTo(ExitCode.INVALID.code());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "pause x                                        | give --reason WHY",
        "amend x --skip-gate                            | give --reason WHY",
        "amend x --budget lots --reason r               | is not a double",
        "amend x --checkpoint-interval soon --reason r  | write it as 30s, 5m, 6h or 2d"
      })
  void an_order_without_a_reason_or_with_a_time_that_is_none_is_refused(String line, String said) {
    assertThat(fettle(line.split(" +"))).isEqualTo(ExitCode.INVALID.code());
    assertThat(err.toString()).contains(said);
  }

  @Test
  void the_only_endpoint_needs_no_name_and_several_do() {
    assertThat(AskCommand.chosen(Map.of("a", "url"), null)).isEqualTo("a");
    assertThat(AskCommand.chosen(Map.of("a", "url", "b", "url"), "b")).isEqualTo("b");
    assertThatThrownBy(() -> AskCommand.chosen(Map.of("a", "url", "b", "url"), null))
        .isInstanceOf(CommandFailure.class)
        .hasMessageContaining("-e");
    assertThatThrownBy(() -> AskCommand.chosen(Map.of("a", "url"), "c"))
        .hasMessageContaining("no endpoint is called c");
    assertThatThrownBy(() -> AskCommand.chosen(Map.of(), null)).hasMessageContaining("nothing");
  }

  @Test
  void an_export_has_no_third_folder_where_nothing_was_quantized() {
    var merged = reference("1");
    var plain = kept(document("adapter", "0"), new RunStory.Document("merged", merged));
    assertThat(ExportCommand.trees(plain).keySet()).containsExactly("adapter", "merged");
    var same =
        kept(
            document("adapter", "0"),
            new RunStory.Document("merged", merged),
            new RunStory.Document("artifact", merged));
    assertThat(ExportCommand.trees(same).keySet()).containsExactly("adapter", "merged");
    var quantized =
        kept(document("adapter", "0"), document("merged", "1"), document("artifact", "2"));
    assertThat(ExportCommand.trees(quantized).keySet())
        .containsExactly("adapter", "merged", "quantized");
  }

  private static Records.Kept kept(RunStory.Document... documents) {
    return new Records.Kept(
        new RunStory(
            "run",
            "execution",
            RunOutcome.DEPLOYED,
            "",
            "",
            "",
            Arrays.asList(documents),
            List.of(),
            List.of(),
            Optional.empty(),
            "",
            List.of(),
            ""),
        "runs/run/executions/execution/record.json");
  }

  private static RunStory.Document document(String name, String digit) {
    return new RunStory.Document(name, reference(digit));
  }

  private static Reference reference(String digit) {
    return new Reference(URI.create("file:///store/" + digit), digit.repeat(64));
  }

  private int fettle(String... args) {
    return Fettle.commandLine()
        .setOut(new PrintWriter(out, true))
        .setErr(new PrintWriter(err, true))
        .execute(args);
  }
}
