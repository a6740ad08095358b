package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Effort;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("real")
class OracleRowsRealTest {
  @Test
  void scipy_and_statsmodels_say_the_same() throws Exception {
    var effort = new Effort(Effort.Level.USUAL, Optional.empty(), Optional.empty());

    var row = OracleRows.measure(effort);

    assertThat(row.ok()).as(row.line() + row.note()).contains(true);
  }
}
