package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ScoringRowsTest {
  @Test
  void nothing_gets_out_of_the_sandbox_and_without_it_the_same_would() throws Exception {
    Row row = SandboxRows.measure(quick()).getFirst();
    assumeTrue(row.value().isPresent(), row.note());

    assertThat(row.ok()).as(row.note()).contains(true);
    assertThat(row.control()).contains(5.0);
  }

  @Test
  void what_is_timed_is_left_out_where_little_is_asked() throws Exception {
    assertThat(ScoringRows.measure(quick())).isEmpty();
  }

  @Test
  void a_judge_of_known_errors_is_corrected_to_the_truth() throws Exception {
    List<Row> rows = JudgeRows.measure(quick());

    assertThat(rows)
        .extracting(Row::name)
        .containsExactly("judge_correction_error", "judge_correction_misses");
    assertThat(rows).allSatisfy(row -> assertThat(row.ok()).as(row.note()).contains(true));
  }

  private static Effort quick() {
    return new Effort(Effort.Level.QUICK, Optional.empty(), Optional.empty());
  }
}
