package io.fettle.benchmarks.failures;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.benchmarks.Effort;
import io.fettle.cli.CommandFailure;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class PoolOfFailuresTest {
  @Test
  void a_pool_that_is_not_there_is_refused_with_those_that_are() {
    var none = Optional.<Path>empty();
    var effort =
        new Effort(Effort.Level.QUICK, none, none, Optional.empty(), 1, Optional.of("moon"));

    assertThatThrownBy(() -> new FailuresBenchmark().measure(effort))
        .isInstanceOf(CommandFailure.class)
        .hasMessage("failures knows no pool moon; it has: local, aws");
  }
}
