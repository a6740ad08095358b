package io.fettle.activities.training.cadence;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.training.cadence.CheckpointInterval.Bound;
import io.fettle.activities.training.cadence.CheckpointInterval.Seen;
import java.util.OptionalDouble;
import java.util.Random;
import org.junit.jupiter.api.Test;

class CheckpointIntervalTest {
  private static final double HOUR = 3_600;
  private static final CheckpointInterval USUAL = new CheckpointInterval(30, 900, 6 * HOUR);
  private static final Seen NOTHING = new Seen(0, 0);

  private static CheckpointInterval.Choice choose(double stall, double upload, Seen seen) {
    return USUAL.of(OptionalDouble.of(stall), OptionalDouble.of(upload), seen);
  }

  @Test
  void it_balances_the_stall_against_what_an_interruption_loses() {
    var choice = choose(5, 10, NOTHING);

    assertThat(choice.seconds()).isCloseTo(Math.sqrt(2 * 5 * 6 * HOUR), within(1e-9));
    assertThat(choice.bound()).isEqualTo(Bound.COSTS);
    assertThat(choice.hazardPerHour()).isCloseTo(1 / 6.0, within(1e-12));
  }

  @Test
  void interruptions_bring_checkpoints_nearer_and_quiet_hours_take_them_apart() {
    var quiet = choose(2, 10, new Seen(0, 18 * HOUR));
    var rough = choose(2, 10, new Seen(3, 18 * HOUR));

    assertThat(quiet.seconds()).isCloseTo(Math.sqrt(2 * 2 * 24 * HOUR), within(1e-9));
    assertThat(rough.seconds()).isCloseTo(Math.sqrt(2 * 2 * 6 * HOUR), within(1e-9));
  }

  @Test
  void an_upload_has_ended_before_the_next_is_due() {
    var choice = choose(0.1, 200, NOTHING);

    assertThat(choice.seconds()).isCloseTo(240, within(1e-9));
    assertThat(choice.bound()).isEqualTo(Bound.UPLOAD);
  }

  @Test
  void the_specs_bounds_win_over_everything() {
    assertThat(choose(0.001, 1, NOTHING).seconds()).isEqualTo(30);
    assertThat(choose(0.001, 1, NOTHING).bound()).isEqualTo(Bound.LEAST);
    assertThat(choose(100, 1, NOTHING).seconds()).isEqualTo(900 - 2 * (100 + 1));
    assertThat(choose(100, 1, NOTHING).bound()).isEqualTo(Bound.MOST);
    assertThat(choose(1, 100_000, NOTHING).seconds()).isEqualTo(900);
  }

  @Test
  void an_interruption_costs_no_more_than_the_specs_time_though_saving_takes_its_own() {
    var random = new Random(5);
    for (int trial = 0; trial < 10_000; trial++) {
      double stall = random.nextDouble(0, 200);
      double upload = random.nextDouble(0, 200);
      var lost = choose(stall, upload, NOTHING).seconds() + stall + upload;

      assertThat(lost).isLessThanOrEqualTo(900);
    }
  }

  @Test
  void where_saving_takes_longer_than_the_specs_time_an_upload_still_ends_before_the_next() {
    var choice = choose(500, 400, NOTHING);

    assertThat(choice.seconds()).isCloseTo(480, within(1e-9));
    assertThat(choice.bound()).isEqualTo(Bound.UPLOAD);
  }

  @Test
  void equal_bounds_fix_it() {
    var fixed = new CheckpointInterval(300, 300, 6 * HOUR);

    assertThat(fixed.of(OptionalDouble.of(5), OptionalDouble.of(1), NOTHING).seconds())
        .isEqualTo(300);
  }

  @Test
  void before_any_checkpoint_the_first_is_taken_early_because_it_measures() {
    var choice = USUAL.of(OptionalDouble.empty(), OptionalDouble.empty(), NOTHING);

    assertThat(choice.seconds()).isEqualTo(30);
    assertThat(choice.bound()).isEqualTo(Bound.UNMEASURED);
  }

  @Test
  void whatever_was_seen_it_stays_within_the_specs_bounds() {
    var random = new Random(4);
    for (int trial = 0; trial < 10_000; trial++) {
      double least = random.nextDouble(0, 600);
      var formula =
          new CheckpointInterval(
              least, least + random.nextDouble(0, 5_000), random.nextDouble(1, 1e6));
      var seen = new Seen(random.nextInt(1_000), random.nextDouble(0, 1e7));
      var choice =
          formula.of(
              OptionalDouble.of(random.nextDouble(0, 1e4)),
              OptionalDouble.of(random.nextDouble(0, 1e4)),
              seen);
      assertThat(choice.seconds()).isBetween(formula.least(), formula.most());
    }
  }
}
