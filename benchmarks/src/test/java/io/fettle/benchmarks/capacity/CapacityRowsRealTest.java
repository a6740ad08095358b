package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rows hold, and their controls do not. */
@Tag("real")
class CapacityRowsRealTest {
  private static final Effort QUICK =
      new Effort(Effort.Level.QUICK, Optional.empty(), Optional.empty());

  @TempDir Path folder;

  @Test
  void what_others_own_is_not_touched() throws Exception {
    hold(ForeignRows.measure(QUICK, Moto.address(), folder));
  }

  @Test
  void every_documented_code_is_handled() throws Exception {
    hold(ErrorRows.measure(Moto.address(), folder));
  }

  private static void hold(List<Row> rows) {
    assertThat(rows)
        .isNotEmpty()
        .allSatisfy(
            row -> {
              assertThat(row.ok()).as("%s: %s", row.line(), row.note()).contains(true);
              assertThat(row.control()).hasValueSatisfying(lost -> assertThat(lost).isPositive());
            });
  }
}
