package io.fettle.cli.view;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.ExitCode;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.wire.Reference;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WatchTest {
  @ParameterizedTest
  @CsvSource({
    "DEPLOYED, DONE",
    "EVALUATED, DONE",
    "REFUSED, GATE_CLOSED",
    "NOT_APPROVED, NOT_APPROVED",
    "ADVISED_AGAINST, ADVISED_AGAINST",
    "UNKNOWN, FAILED"
  })
  void the_exit_code_says_how_the_run_ended(RunOutcome outcome, ExitCode code) {
    var nothing = new Reference(URI.create("file:///nothing"), "0".repeat(64));
    var record =
        new RunRecord(
            "run", "execution", outcome, "", "", List.of(), Optional.empty(), "", nothing, nothing);
    assertThat(Watch.code(record)).isEqualTo(code);
  }
}
