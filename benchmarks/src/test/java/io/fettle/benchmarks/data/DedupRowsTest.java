package io.fettle.benchmarks.data;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class DedupRowsTest {
  @Test
  void the_rows_that_are_not_timed_keep_their_bars_on_generated_rows() throws Exception {
    var effort = new Effort(Effort.Level.QUICK, Optional.empty(), Optional.empty());
    List<Row> rows = new ArrayList<>();

    new DedupRows(effort, Planted.of(effort)).measure(rows::add);

    assertThat(rows)
        .extracting(Row::name)
        .containsExactly(
            "near_dup_recall_min_bin",
            "near_dup_precision",
            "rows_lost_wrongly",
            "signature_mb_s",
            "dedup_peak_gb");
    assertThat(rows.subList(0, 3)).allSatisfy(row -> assertThat(row.ok()).hasValue(true));
    assertThat(rows.subList(3, 5)).allSatisfy(row -> assertThat(row.value()).isEmpty());
    assertThat(rows.getFirst().trials()).as("pairs").isGreaterThan(500);
  }

  @Test
  void the_oracle_counts_runs_of_five_words() {
    var row = Planted.row(0, "One, two three four five six", "seven");

    assertThat(PlainShingles.similarity(row, Planted.row(1, "one two three four five six", "7")))
        .isCloseTo(2.0 / 4, within(1e-9));
  }
}
