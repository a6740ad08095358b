package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code fettle bench failures --quick}: a real server, agents and trainers; counts only. */
@Tag("real")
@Tag("alone")
@Timeout(1200)
class ShortFormRealTest {
  @Test
  void no_row_that_can_run_misses_its_bar_and_no_control_keeps_one() throws Exception {
    var quick = new Effort(Effort.Level.QUICK, Optional.empty(), Optional.empty());

    var rows = new FailuresBenchmark().measure(quick);

    assertThat(rows)
        .filteredOn(row -> !row.ok().orElse(true))
        .extracting(row -> row.line() + "; " + row.note())
        .isEmpty();
    assertThat(rows)
        .extracting(Row::name)
        .contains("blackout_false_relaunches", "cut_within_lease_relaunches", "lanes_broken");
  }
}
