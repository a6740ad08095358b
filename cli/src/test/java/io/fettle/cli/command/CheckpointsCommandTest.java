package io.fettle.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.training.Checkpoints;
import io.fettle.activities.training.Checkpoints.Verified;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

class CheckpointsCommandTest {
  private static final Instant AT = Instant.parse("2026-03-04T05:06:07Z");

  @Test
  void a_line_says_what_it_cost_and_whether_it_is_chosen() {
    var chosen =
        new Checkpoints.Row(
            2,
            40,
            AT,
            7_340_032L,
            0.21,
            1.5,
            0.8123,
            Verified.READ,
            true,
            true,
            "RESUME_POINT",
            "w");
    var torn =
        new Checkpoints.Row(
            2,
            50,
            AT,
            null,
            null,
            null,
            null,
            Verified.NO,
            false,
            false,
            "BROKEN_MANIFEST",
            "torn");

    var table = CheckpointsCommand.table("run-1", List.of(chosen, torn));

    assertThat(table.get(2))
        .containsSubsequence("2", "40", "7.3 MB", "0.21 s", "1.50 s", "0.8123", "read", "-> w");
    assertThat(table.get(3)).containsSubsequence("50", "-", "-", "-", "-", "no", "torn");
  }
}
