package io.fettle.benchmarks.tax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

class CoresTest {
  @Test
  void the_trainer_has_the_last_processor_and_all_else_the_first() {
    assertThat(Cores.of("0-1")).contains(new Cores(1, 0, "0-1"));
    assertThat(Cores.of("2,4-6,9")).contains(new Cores(9, 2, "2,4-6,9"));
  }

  @Test
  void one_processor_is_too_few() {
    assertThat(Cores.of("3")).isEmpty();
  }
}
