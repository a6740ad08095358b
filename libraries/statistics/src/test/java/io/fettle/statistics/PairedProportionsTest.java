package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.SplittableRandom;
import java.util.stream.DoubleStream;
import org.apache.commons.statistics.distribution.BinomialDistribution;
import org.junit.jupiter.api.Test;

class PairedProportionsTest {
  private static final double ALPHA = 0.025;

  @Test
  void tangos_interval_is_where_scipy_finds_the_roots_of_the_score() {
    assertThat(PairedProportions.tango(12, 5, 100, 0.95))
        .satisfies(interval -> isAbout(interval, 0.07, -0.011863210116306297, 0.15741560607189542));
    assertThat(PairedProportions.tango(1, 12, 44, 0.95))
        .satisfies(
            interval -> isAbout(interval, -0.25, -0.40229214880242153, -0.10675495277692942));
    assertThat(PairedProportions.tango(0, 0, 1000, 0.95))
        .satisfies(interval -> isAbout(interval, 0, -0.003826758485555124, 0.003826758485555124));
  }

  @Test
  void the_deciding_interval_holds_what_tangos_does_and_the_exchanged_arms_have_its_mirror() {
    SplittableRandom random = new SplittableRandom(1);
    for (int i = 0; i < 500; i++) {
      int items = random.nextInt(1, 400);
      int plus = random.nextInt(items + 1);
      int minus = random.nextInt(items - plus + 1);

      Interval own = PairedProportions.interval(plus, minus, items, 0.95);
      Interval tango = PairedProportions.tango(plus, minus, items, 0.95);
      Interval mirror = PairedProportions.interval(minus, plus, items, 0.95);

      assertThat(own.low()).isLessThanOrEqualTo(tango.low() + 1e-12).isGreaterThanOrEqualTo(-1);
      assertThat(own.high()).isGreaterThanOrEqualTo(tango.high() - 1e-12).isLessThanOrEqualTo(1);
      assertThat(mirror.low()).isCloseTo(-own.high(), within(1e-12));
    }
  }

  @Test
  void a_value_is_exceeded_just_where_it_lies_below_the_interval() {
    SplittableRandom random = new SplittableRandom(2);
    for (int i = 0; i < 2_000; i++) {
      int items = random.nextInt(20, 400);
      int plus = random.nextInt(items / 2);
      int minus = random.nextInt(items / 2);
      double d = random.nextDouble(-0.2, 0.2);

      double low = PairedProportions.interval(plus, minus, items, 1 - 2 * ALPHA).low();

      assertThat(PairedProportions.above(plus, minus, items, d, ALPHA)).isEqualTo(d < low);
    }
  }

  @Test
  void the_exact_chance_of_a_false_pass_is_hardly_above_alpha_whatever_the_discordance() {
    for (int items : new int[] {100, 150, 200, 500}) {
      for (double d : new double[] {-0.05, -0.02, 0, 0.02, 0.03, 0.05}) {
        assertThat(worstFalsePass(items, d, true)).isLessThan(0.0288);
      }
    }
    assertThat(worstFalsePass(1_000, 0.02, true)).isLessThan(0.0275);
  }

  @Test
  void tango_alone_passes_too_often_where_few_items_differ() {
    assertThat(worstFalsePass(200, 0.02, false)).isGreaterThan(0.05);
  }

  @Test
  void the_power_for_a_thousand_items_is_tangos() {
    double own = pass(1_000, 0.2, 0.05, accepted(1_000, 0.01, true));
    double tango = pass(1_000, 0.2, 0.05, accepted(1_000, 0.01, false));

    assertThat(own).isGreaterThan(0.75).isCloseTo(tango, within(0.005));
  }

  @Test
  void mcnemar_agrees_with_statsmodels() {
    assertThat(PairedProportions.mcnemar(5, 0)).isCloseTo(0.0625, within(1e-15));
    assertThat(PairedProportions.mcnemar(0, 6)).isCloseTo(0.03125, within(1e-15));
    assertThat(PairedProportions.mcnemar(15, 5)).isCloseTo(0.04138946533203125, within(1e-12));
    assertThat(PairedProportions.mcnemar(3, 3)).isEqualTo(1);
    assertThat(PairedProportions.mcnemar(0, 0)).isEqualTo(1);
  }

  @Test
  void counts_that_exceed_the_items_are_refused() {
    assertThatThrownBy(() -> PairedProportions.tango(7, 4, 10, 0.95))
        .hasMessageContaining("7 and 4 of 10 items differ");
    assertThatThrownBy(() -> PairedProportions.mcnemar(-1, 4)).hasMessageContaining("-1 and 4");
  }

  private static void isAbout(Interval interval, double estimate, double low, double high) {
    assertThat(interval.estimate()).isCloseTo(estimate, within(1e-12));
    assertThat(interval.low()).isCloseTo(low, within(1e-12));
    assertThat(interval.high()).isCloseTo(high, within(1e-12));
  }

  private static double worstFalsePass(int items, double d, boolean corrected) {
    int[] least = accepted(items, d, corrected);
    return DoubleStream.iterate(
            Math.max(Math.abs(d), 0.005), discordance -> discordance < 0.4, x -> x * 1.05)
        .map(discordance -> pass(items, discordance, d, least))
        .max()
        .orElseThrow();
  }

  /** Of each number of items that differ: from how many wins on "above d" is said. */
  private static int[] accepted(int items, double d, boolean corrected) {
    int[] least = new int[Math.min(items, items / 2 + 40) + 1];
    for (int differing = 0; differing < least.length; differing++) {
      int wins = 0;
      while (wins <= differing && !above(wins, differing - wins, items, d, corrected)) {
        wins++;
      }
      least[differing] = wins;
    }
    return least;
  }

  private static boolean above(int plus, int minus, int items, double d, boolean corrected) {
    return corrected
        ? PairedProportions.above(plus, minus, items, d, ALPHA)
        : PairedProportions.score(plus, minus, items, d) > 1.959963984540054;
  }

  /** The chance of "above", summed over all that can be drawn. */
  private static double pass(int items, double discordance, double d, int[] least) {
    BinomialDistribution differing = BinomialDistribution.of(items, discordance);
    double win = Math.clamp((discordance + d) / (2 * discordance), 0, 1);
    double sum = 0;
    for (int k = 0; k < least.length; k++) {
      double chance = differing.probability(k);
      if (chance > 1e-12) {
        sum += chance * BinomialDistribution.of(k, win).survivalProbability(least[k] - 1);
      }
    }
    return sum;
  }
}
