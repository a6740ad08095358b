package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.statistics.JudgeCorrection.Calibration;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Raters beside each other, and a judge beside humans. */
class JudgesTest {
  @Test
  void kappa_agrees_with_statsmodels() {
    // statsmodels.stats.inter_rater.cohens_kappa on the table of both
    int[] first = {0, 0, 0, 1, 1, 2, 2, 1, 0, 2};
    int[] second = {0, 0, 1, 1, 1, 2, 0, 1, 0, 2};

    Interval kappa = Agreement.kappa(first, second, 0.95);

    assertThat(kappa.estimate()).isCloseTo(0.6969696969696971, within(1e-12));
    assertThat(kappa.low()).isCloseTo(0.32436674215264155, within(1e-12));
    assertThat(kappa.high()).isEqualTo(1);
  }

  @Test
  void raters_who_agree_by_chance_have_no_kappa_and_those_of_one_category_all() {
    int[] first = {0, 0, 1, 1};
    int[] second = {0, 1, 0, 1};

    assertThat(Agreement.kappa(first, second, 0.95).estimate()).isZero();
    assertThat(Agreement.kappa(new int[3], new int[3], 0.95)).isEqualTo(new Interval(1, 1, 1));
    assertThatThrownBy(() -> Agreement.kappa(first, new int[3], 0.95))
        .hasMessageContaining("4 ratings and 3");
    assertThatThrownBy(() -> Agreement.kappa(first, new int[] {0, 1, -1, 0}, 0.95))
        .hasMessageContaining("item 2 is rated 1 and -1");
  }

  @Test
  void a_judge_that_is_always_right_corrects_nothing() {
    Interval share =
        JudgeCorrection.roganGladen(700, 1_000, new Calibration(500, 500, 500, 0), 0.95);

    assertThat(share.estimate()).isCloseTo(0.7, within(1e-12));
    assertThat(share.high() - share.low())
        .isCloseTo(width(Proportions.wilson(700, 1_000, 0.95)), within(0.005));
  }

  @Test
  void the_corrected_share_holds_the_true_one_as_often_as_it_says() {
    var random = new SplittableRandom(8);
    double good = 0.8;
    int held = 0;
    int rawHeld = 0;
    for (int trial = 0; trial < 2_000; trial++) {
      int positives = Math.clamp(count(random, 100, good), 1, 99);
      var sample =
          new Calibration(
              positives,
              count(random, positives, 0.9),
              100 - positives,
              count(random, 100 - positives, 0.25));
      int accepted = count(random, 1_000, good * 0.9 + (1 - good) * 0.25);
      held += holds(JudgeCorrection.roganGladen(accepted, 1_000, sample, 0.95), good);
      rawHeld += holds(Proportions.wilson(accepted, 1_000, 0.95), good);
    }

    assertThat(held / 2_000.0).isBetween(0.935, 0.99);
    assertThat(rawHeld / 2_000.0).isLessThan(0.5);
  }

  @Test
  void a_judge_who_cannot_tell_good_from_bad_is_refused() {
    var blind = new Calibration(50, 30, 50, 30);

    assertThatThrownBy(() -> JudgeCorrection.roganGladen(6, 10, blind, 0.95))
        .hasMessageContaining("30 of 50 good and 30 of 50 bad")
        .hasMessageContaining("take another");
    assertThatThrownBy(() -> JudgeCorrection.roganGladen(11, 10, blind, 0.95))
        .hasMessageContaining("11 accepted of 10");
    assertThatThrownBy(() -> new Calibration(0, 0, 5, 1)).hasMessageContaining("at least one good");
  }

  @Test
  void prediction_powered_means_agree_with_numpy() {
    Interval mean =
        JudgeCorrection.predictionPowered(
            new double[] {1, 0, 1, 1, 0, 1, 1, 1},
            new double[] {1, 1, 0, 1},
            new double[] {1, 0, 0, 1},
            0.95);

    assertThat(mean.estimate()).isCloseTo(0.5, within(1e-12));
    assertThat(mean.low()).isCloseTo(-0.0856512568968264, within(1e-12));
    assertThat(mean.high()).isCloseTo(1.0856512568968264, within(1e-12));
    assertThatThrownBy(
            () ->
                JudgeCorrection.predictionPowered(new double[1], new double[2], new double[2], 0.9))
        .hasMessageContaining("1 items of the judge alone");
  }

  @Test
  void holm_agrees_with_statsmodels() {
    // statsmodels.stats.multitest.multipletests(..., method="holm")
    assertThat(Holm.adjust(0.01, 0.04, 0.03, 0.005, 0.9))
        .containsExactly(new double[] {0.04, 0.09, 0.09, 0.025, 0.9}, within(1e-12));
    assertThat(Holm.adjust()).isEmpty();
    assertThatThrownBy(() -> Holm.adjust(0.5, Double.NaN)).hasMessageContaining("NaN");
  }

  @Test
  void holm_never_turns_the_order_of_tests_round() {
    double[] values = new SplittableRandom(3).doubles(20).toArray();

    double[] adjusted = Holm.adjust(values);

    for (int i = 0; i < 20; i++) {
      assertThat(adjusted[i]).isGreaterThanOrEqualTo(values[i]).isLessThanOrEqualTo(1);
      for (int j = 0; j < 20; j++) {
        if (values[i] < values[j]) {
          assertThat(adjusted[i]).isLessThanOrEqualTo(adjusted[j]);
        }
      }
    }
  }

  private static int count(SplittableRandom random, int trials, double chance) {
    return (int) IntStream.range(0, trials).filter(_ -> random.nextDouble() < chance).count();
  }

  private static int holds(Interval interval, double value) {
    return interval.low() <= value && value <= interval.high() ? 1 : 0;
  }

  private static double width(Interval interval) {
    return interval.high() - interval.low();
  }
}
