package io.fettle.benchmarks.tax;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DepthTest {
  @ParameterizedTest
  @ValueSource(doubles = {0.1, 1.7, 5.95, 40})
  void steps_that_are_a_tenth_faster_than_in_the_warm_up_still_fill_an_arm(double warm) {
    var training = Depth.PUBLISHED.training(warm);

    double arm = (training.steps() - 1) * warm / 1.1;
    assertThat(arm).isGreaterThanOrEqualTo(Depth.PUBLISHED.arm().toSeconds() - 1e-6);
  }
}
