package io.fettle.benchmarks.tax;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

class TaxRowsTest {
  private static final Depth DEPTH = new Depth(3, Duration.ofSeconds(60), 2);

  @Test
  void the_ratio_is_the_lower_end_of_the_paired_interval_beside_the_scripts_tokens_a_second() {
    var row = TaxRows.ratio(List.of(pair(100, 100), pair(101, 101.2), pair(99, 98.9)), DEPTH);

    assertThat(row.ok()).contains(true);
    assertThat(row.value().orElseThrow()).isEqualTo(row.interval().orElseThrow().low());
    assertThat(row.control().orElseThrow()).isCloseTo(1_000 / 100.0, within(1e-9));
    assertThat(row.trials()).isEqualTo(3);
  }

  @Test
  void a_tax_of_three_percent_fails() {
    var row = TaxRows.ratio(List.of(pair(103, 100), pair(103, 100.1), pair(103.1, 100)), DEPTH);

    assertThat(row.ok()).contains(false);
  }

  @Test
  void an_interval_wider_than_two_percent_says_nothing() {
    var row = TaxRows.ratio(List.of(pair(100, 100), pair(100, 104), pair(100, 99)), DEPTH);

    assertThat(row.ok()).isEmpty();
    assertThat(row.note()).startsWith("machine too noisy");
  }

  @Test
  void arms_that_are_too_short_or_saved_at_other_steps_are_no_measurement() {
    var shorter = TaxRows.ratio(List.of(pair(100, 100), pair(59, 100), pair(100, 100)), DEPTH);
    var other = new Pair(arm(100, 2, 4), arm(100, 2, 3), 2);

    assertThat(shorter.value()).isEmpty();
    assertThat(shorter.note()).contains("took 59 s");
    assertThat(TaxRows.ratio(List.of(other, other), DEPTH).note())
        .isEqualTo("Fettle saved after the steps [2, 4], the script after [2, 3]");
  }

  @Test
  void the_warm_up_s_step_decides_how_many_steps_an_arm_has_and_when_it_saves() {
    var training = Depth.PUBLISHED.training(2);

    assertThat(training).isEqualTo(new Training(189, 31));
  }

  private static Pair pair(double fettleSeconds, double plainSeconds) {
    return new Pair(arm(fettleSeconds, 2, 4), arm(plainSeconds, 2, 4), 2);
  }

  /** A thousand tokens in that time. */
  private static Arm arm(double seconds, Integer... saves) {
    return new Arm(
        List.of(new Arm.Step(1, 2, 1_000, 7), new Arm.Step(2, 1, 1_000 + seconds, 1_000)),
        List.of(saves),
        List.of());
  }
}
