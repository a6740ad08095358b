package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.OptionalLong;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class ShareTestTest {
  private static final ShareTest SLOW = new ShareTest(0.05, 0.025);

  @Test
  void where_none_is_slow_as_many_are_needed_as_pass() {
    OptionalLong needed = SLOW.needed(0, 20);

    assertThat(needed).hasValue(72); // 0.95^72 is the first below 0.025
    assertThat(SLOW.outcome(0, 71)).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(SLOW.outcome(0, 72)).isEqualTo(Outcome.PASS);
  }

  @Test
  void as_many_as_are_said_to_be_needed_decide_it_in_four_tests_of_five_and_hardly_fewer_do() {
    int fewer = (int) SLOW.needed(4, 200).orElseThrow();
    int more = (int) SLOW.needed(7, 80).orElseThrow();

    assertThat(decided(0.02, fewer, Outcome.PASS)).isBetween(0.78, 0.9);
    assertThat(decided(0.02, fewer * 4 / 5, Outcome.PASS)).isLessThan(0.78);
    assertThat(decided(7 / 80.0, more, Outcome.FAIL)).isBetween(0.78, 0.9);
    assertThat(decided(7 / 80.0, more * 4 / 5, Outcome.FAIL)).isLessThan(0.78);
  }

  private static double decided(double slow, int items, Outcome as) {
    var random = new SplittableRandom(5);
    int said = 0;
    for (int trial = 0; trial < 4_000; trial++) {
      int marked = (int) random.doubles(items).filter(at -> at < slow).count();
      said += SLOW.outcome(marked, items) == as ? 1 : 0;
    }
    return said / 4_000.0;
  }

  @Test
  void near_the_share_very_many_are_needed_and_at_it_no_number_would_do() {
    assertThat(SLOW.needed(510, 10_000).orElseThrow()).isBetween(300_000L, 450_000L);
    assertThat(SLOW.needed(5, 100)).isEmpty();
    assertThat(SLOW.needed(0, 0)).isEmpty();
  }

  @Test
  void what_is_decided_needs_what_there_is() {
    assertThat(SLOW.needed(0, 200)).hasValue(200);
    assertThat(SLOW.needed(30, 200)).hasValue(200);
  }

  @Test
  void a_share_that_is_none_is_refused() {
    assertThatThrownBy(() -> new ShareTest(1, 0.025)).hasMessageContaining("share 1.0");
  }
}
