package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Effort.Level;
import io.fettle.benchmarks.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LedgerRowsTest {
  private static final Effort QUICK = new Effort(Level.QUICK, Optional.empty(), Optional.empty());

  @TempDir Path scratch;

  @Test
  void stale_checkpoints_are_never_chosen_and_a_naive_reader_chooses_them() throws Exception {
    assertHold(StaleRows.rows(QUICK, scratch));
  }

  @Test
  void torn_checkpoints_are_never_loaded_and_a_naive_reader_loads_them() throws Exception {
    assertHold(new TornRows().rows(QUICK, scratch));
  }

  @Test
  void clocks_decide_nothing_but_would_for_a_naive_reader() throws Exception {
    assertHold(new ClockRows().rows(QUICK, scratch));
  }

  /** A row is ok only where its control broke the bar. */
  private static void assertHold(List<Row> rows) {
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.ok()).as("%s", row).contains(true);
              assertThat(row.trials()).isPositive();
              assertThat(row.control().orElseThrow()).isPositive();
            });
  }
}
