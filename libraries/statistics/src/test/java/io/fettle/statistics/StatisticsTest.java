package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class StatisticsTest {
  @Test
  void wilson_agrees_with_statsmodels() {
    // statsmodels.stats.proportion.proportion_confint(56, 60, method="wilson")
    Interval interval = Proportions.wilson(56, 60, 0.95);

    assertThat(interval.estimate()).isCloseTo(56 / 60.0, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.8407, within(5e-4));
    assertThat(interval.high()).isCloseTo(0.9738, within(5e-4));
  }

  @Test
  void wilson_stays_inside_the_unit_interval() {
    assertThat(Proportions.wilson(0, 10, 0.95).low()).isZero();
    assertThat(Proportions.wilson(10, 10, 0.95).high()).isEqualTo(1);
  }

  @Test
  void wilson_refuses_what_is_no_proportion() {
    assertThatThrownBy(() -> Proportions.wilson(3, 2, 0.95))
        .hasMessageContaining("3 successes of 2 trials");
  }

  @Test
  void the_bootstrap_of_a_mean_has_about_the_normal_interval() {
    double[] values = new SplittableRandom(1).doubles(400).toArray();
    double mean = Arrays.stream(values).average().orElseThrow();
    double sd = Math.sqrt(Arrays.stream(values).map(v -> (v - mean) * (v - mean)).sum() / 399);

    Interval interval = Bootstrap.interval(400, items -> mean(values, items), 4_000, 0.95, 7);

    assertThat(interval.estimate()).isCloseTo(mean, within(1e-12));
    assertThat(interval.high() - interval.low()).isCloseTo(2 * 1.96 * sd / 20, within(0.004));
  }

  @Test
  void equal_arms_differ_by_nothing_whatever_is_drawn() {
    double[] arm = new SplittableRandom(2).doubles(50).toArray();
    double[] twin = arm.clone();

    Interval interval =
        Bootstrap.interval(50, items -> mean(arm, items) - mean(twin, items), 1_000, 0.95, 3);

    assertThat(interval).isEqualTo(new Interval(0, 0, 0));
  }

  @Test
  void the_same_seed_gives_the_same_interval() {
    double[] arm = new SplittableRandom(4).doubles(30).toArray();

    assertThat(Bootstrap.interval(30, items -> mean(arm, items), 1_000, 0.9, 5))
        .isEqualTo(Bootstrap.interval(30, items -> mean(arm, items), 1_000, 0.9, 5))
        .isNotEqualTo(Bootstrap.interval(30, items -> mean(arm, items), 1_000, 0.9, 6));
  }

  @Test
  void a_resample_of_clusters_holds_whole_clusters_and_as_many_of_them() {
    Clusters clusters = Clusters.of(0, 0, 0, 1, 2, 2);

    for (int[] drawn : Bootstrap.resamples(clusters, 50, 1)) {
      long whole = Arrays.stream(drawn).filter(item -> item == 0).count();
      assertThat(Arrays.stream(drawn).filter(item -> item == 2).count()).isEqualTo(whole);
      long others = Arrays.stream(drawn).filter(item -> item == 3 || item == 4).count();
      assertThat(whole + others).isEqualTo(3);
    }
  }

  @Test
  void items_that_agree_within_clusters_have_the_interval_of_the_clusters() {
    double[] clustered = new SplittableRandom(5).doubles(100).toArray();
    double[] items = IntStream.range(0, 1_000).mapToDouble(i -> clustered[i / 10]).toArray();
    int[] numbers = IntStream.range(0, 1_000).map(i -> i / 10).toArray();

    Interval told = Bootstrap.interval(Clusters.of(numbers), i -> mean(items, i), 2_000, 0.95, 7);
    Interval few = Bootstrap.interval(100, i -> mean(clustered, i), 2_000, 0.95, 7);

    assertThat(told.low()).isCloseTo(few.low(), within(1e-12));
    assertThat(told.high()).isCloseTo(few.high(), within(1e-12));
  }

  @Test
  void many_labels_score_as_few_do() {
    int[] truth = {0, 1, 2, 0, 1, 9_999};
    int[] predicted = {0, 2, 1, 0, 0, 9_999};

    assertThat(Classification.macroF1(truth, predicted, IntStream.range(0, 6).toArray()))
        .isCloseTo((0.8 + 1) / 4, within(1e-12));
  }

  @Test
  void macro_f1_agrees_with_scikit_learn() {
    // sklearn.metrics.f1_score([0,1,2,0,1,2], [0,2,1,0,0,1], average="macro") = 0.26666...
    int[] truth = {0, 1, 2, 0, 1, 2};
    int[] predicted = {0, 2, 1, 0, 0, 1};

    assertThat(Classification.macroF1(truth, predicted, IntStream.range(0, 6).toArray()))
        .isCloseTo(0.8 / 3, within(1e-12));
  }

  @Test
  void an_answer_that_is_no_label_is_wrong_and_nothing_else() {
    int[] all = {0, 1};

    assertThat(Classification.macroF1(new int[] {0, 1}, new int[] {0, -1}, all))
        .isCloseTo(0.5, within(1e-12));
  }

  @Test
  void an_answer_that_is_no_label_is_wrong_for_a_reference_that_is_none_either() {
    assertThat(Classification.macroF1(new int[] {-1, -1}, new int[] {-1, -1}, new int[] {0, 1}))
        .isZero();
  }

  @Test
  void a_paired_ratio_agrees_with_a_t_interval_of_the_log_ratios() {
    // computed apart: mean and standard error of ln(above / below), t = 2.776445 on 4 degrees of
    // freedom
    double[] above = {101, 99, 103, 98, 100};
    double[] below = {100, 100, 100, 100, 102};

    Interval interval = Paired.ratio(above, below, 0.95);

    assertThat(interval.estimate()).isCloseTo(0.9978929155512237, within(1e-12));
    assertThat(interval.low()).isCloseTo(0.9715862759474403, within(1e-12));
    assertThat(interval.high()).isCloseTo(1.0249118329057076, within(1e-12));
  }

  @Test
  void a_paired_ratio_is_the_other_way_round_for_the_arms_exchanged() {
    double[] above = {3, 5, 4};
    double[] below = {2, 4, 5};

    Interval one = Paired.ratio(above, below, 0.9);
    Interval other = Paired.ratio(below, above, 0.9);

    assertThat(other.estimate()).isCloseTo(1 / one.estimate(), within(1e-12));
    assertThat(other.low()).isCloseTo(1 / one.high(), within(1e-12));
  }

  @Test
  void a_paired_ratio_needs_two_pairs_of_positive_numbers() {
    assertThatThrownBy(() -> Paired.ratio(new double[] {1}, new double[] {1}, 0.95))
        .hasMessageContaining("at least two pairs");
    assertThatThrownBy(() -> Paired.ratio(new double[] {1, 0}, new double[] {1, 1}, 0.95))
        .hasMessageContaining("0.0 to 1.0");
  }

  private static double mean(double[] values, int[] items) {
    return Arrays.stream(items).mapToDouble(i -> values[i]).average().orElseThrow();
  }
}
