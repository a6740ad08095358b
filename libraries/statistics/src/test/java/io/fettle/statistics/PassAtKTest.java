package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;

class PassAtKTest {
  @Test
  void it_is_the_share_of_choices_of_k_that_hold_one_that_passed() {
    // C(3, 2) / C(5, 2) = 3 / 10 of the pairs hold none of the two
    assertThat(PassAtK.estimate(5, 2, 2)).isCloseTo(0.7, within(1e-12));
    assertThat(PassAtK.estimate(10, 3, 1)).isCloseTo(0.3, within(1e-12));
    assertThat(PassAtK.estimate(200, 0, 100)).isZero();
    assertThat(PassAtK.estimate(4, 1, 4)).isEqualTo(1);
    assertThat(PassAtK.estimate(2_000, 1, 1_000)).isCloseTo(0.5, within(1e-9));
  }

  @Test
  void more_than_was_drawn_is_refused() {
    assertThatThrownBy(() -> PassAtK.estimate(2, 1, 3)).hasMessageContaining("k 3 of 2 samples");
  }
}
