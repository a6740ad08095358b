package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Effort.Level;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class OrphanRowsTest {
  private static final Effort QUICK = new Effort(Level.QUICK, Optional.empty(), Optional.empty());

  @TempDir Path scratch;

  @Test
  void no_crash_leaves_an_orphan_and_without_the_sweep_it_would() throws Exception {
    assertThat(new OrphanRows().rows(QUICK, scratch))
        .hasSize(2)
        .allSatisfy(
            row -> {
              assertThat(row.ok()).as("%s", row).contains(true);
              assertThat(row.control().orElseThrow()).as("%s", row).isPositive();
            });
  }
}
