package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class MarginTestTest {
  private static final MarginTest BETTER = new MarginTest(0.02, 0.025);
  private static final MarginTest NO_WORSE = new MarginTest(-0.02, 0.025);

  @Test
  void enough_wins_pass_enough_losses_fail_and_a_tie_is_inconclusive() {
    Clusters own = Clusters.none(200);

    assertThat(BETTER.binary(marks(200, 40, 0), marks(200, 0, 10), own).outcome())
        .isEqualTo(Outcome.PASS);
    assertThat(BETTER.binary(marks(200, 0, 10), marks(200, 40, 0), own).outcome())
        .isEqualTo(Outcome.FAIL);
    assertThat(BETTER.binary(marks(200, 10, 0), marks(200, 0, 10), own).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void the_bounds_say_what_the_outcome_says() {
    SplittableRandom random = new SplittableRandom(3);
    for (int i = 0; i < 300; i++) {
      int items = random.nextInt(60, 300);
      int count = random.nextInt(2, 40);
      int[] numbers = random.ints(items, 0, count).toArray();
      double[] first = random.ints(items, 0, 2).asDoubleStream().toArray();
      double share = random.nextDouble();
      double[] second =
          Arrays.stream(first).map(m -> random.nextDouble() < share ? m : 0).toArray();

      MarginDecision decision = BETTER.binary(first, second, Clusters.of(numbers));

      Interval bounds = decision.difference();
      Outcome said =
          bounds.low() > 0.02
              ? Outcome.PASS
              : bounds.high() < 0.02 ? Outcome.FAIL : Outcome.INCONCLUSIVE;
      boolean enough = decision.clusters() >= MarginTest.LEAST_CLUSTERS;
      assertThat(decision.outcome()).isEqualTo(enough ? said : Outcome.INCONCLUSIVE);
      assertThat(bounds.low()).isLessThanOrEqualTo(bounds.estimate());
      assertThat(bounds.high()).isGreaterThanOrEqualTo(bounds.estimate());
    }
  }

  @Test
  void fewer_than_ten_clusters_decide_nothing() {
    double[] first = marks(900, 300, 0);
    double[] second = marks(900, 0, 0);

    MarginDecision nine = BETTER.binary(first, second, dealt(900, 9));
    MarginDecision ten = BETTER.binary(first, second, dealt(900, 10));

    assertThat(nine.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(nine.method()).isEqualTo("fewer than 10 clusters");
    assertThat(nine.needed().orElseThrow()).isGreaterThanOrEqualTo(10);
    assertThat(ten.outcome()).isEqualTo(Outcome.PASS);
    assertThat(BETTER.mean(first, second, dealt(900, 9)).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(BETTER.mean(first, second, dealt(900, 1)).outcome()).isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void an_arm_is_no_worse_than_itself_once_there_are_items_enough_to_tell() {
    double[] arm = marks(1_000, 600, 0);
    double[] few = marks(100, 60, 0);

    assertThat(NO_WORSE.binary(arm, arm, Clusters.none(1_000)).outcome()).isEqualTo(Outcome.PASS);
    assertThat(NO_WORSE.binary(few, few, Clusters.none(100)).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(NO_WORSE.binary(arm, arm, dealt(1_000, 200)).outcome()).isEqualTo(Outcome.PASS);
    assertThat(NO_WORSE.binary(arm, arm, dealt(1_000, 50)).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(NO_WORSE.mean(arm, arm, Clusters.none(1_000)).outcome()).isEqualTo(Outcome.PASS);
    assertThat(NO_WORSE.mean(few, few, Clusters.none(100)).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void as_many_items_as_are_said_to_be_needed_decide_it_in_four_gates_of_five() {
    double[] first = marks(200, 20, 0);
    double[] second = marks(200, 0, 10);
    MarginDecision pilot = new MarginTest(0, 0.025).binary(first, second, Clusters.none(200));
    int needed = (int) pilot.needed().orElseThrow();

    assertThat(pilot.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(needed).isGreaterThan(200);
    var condition = new PowerPlan.Condition(0.05, 0, 0.15);
    assertThat(Power.simulated(PowerPlan.of(needed, 0.025, condition), 4_000, 1).all())
        .isCloseTo(0.8, within(0.03));
  }

  @Test
  void arms_that_never_differ_say_exactly_how_many_items_would_show_that_none_is_lost() {
    double[] twenty = new double[20];
    Arrays.fill(twenty, 0.5);
    Contrast none = new Contrast(_ -> 0, _ -> false);
    int needed = (int) NO_WORSE.mean(twenty, twenty, Clusters.none(20)).needed().orElseThrow();

    assertThat(needed).isGreaterThan(20);
    for (int items : new int[] {needed - 1, needed}) {
      double[] arm = Arrays.copyOf(twenty, items);
      Outcome said = items < needed ? Outcome.INCONCLUSIVE : Outcome.PASS;
      Clusters own = Clusters.none(items);
      assertThat(NO_WORSE.mean(arm, arm, own).outcome()).isEqualTo(said);
      assertThat(NO_WORSE.resampled(none, own, 1_000, 1).outcome()).isEqualTo(said);
    }
    assertThat(NO_WORSE.resampled(none, Clusters.none(20), 1_000, 1).needed()).hasValue(needed);
    assertThat(new MarginTest(0, 0.025).mean(twenty, twenty, Clusters.none(20)).needed())
        .as("no number shows that equal arms differ")
        .isEmpty();
  }

  @Test
  void means_that_differ_on_few_items_need_more_of_these_and_those_decide_it() {
    MarginDecision pilot = NO_WORSE.mean(halves(100, 2), new double[100], Clusters.none(100));
    int needed = (int) pilot.needed().orElseThrow();

    assertThat(pilot.outcome()).isEqualTo(Outcome.INCONCLUSIVE);
    assertThat(needed).isBetween(120, 400);
    assertThat(
            NO_WORSE
                .mean(halves(needed, (needed + 49) / 50), new double[needed], Clusters.none(needed))
                .outcome())
        .isEqualTo(Outcome.PASS);
  }

  @Test
  void one_item_that_differs_weighs_less_among_more_and_those_decide_it() {
    MarginDecision pilot = NO_WORSE.mean(new double[20], halves(20, 1), Clusters.none(20));
    int needed = (int) pilot.needed().orElseThrow();

    assertThat(pilot.difference().estimate()).isLessThan(NO_WORSE.margin());
    for (int items : new int[] {needed - 1, needed}) {
      assertThat(NO_WORSE.mean(new double[items], halves(items, 1), Clusters.none(items)).outcome())
          .isEqualTo(items < needed ? Outcome.INCONCLUSIVE : Outcome.PASS);
    }
  }

  private static double[] halves(int items, int better) {
    double[] marks = new double[items];
    Arrays.fill(marks, 0, better, 0.5);
    return marks;
  }

  @Test
  void what_is_decided_needs_no_more_than_there_is() {
    MarginDecision passed = BETTER.binary(marks(200, 40, 0), marks(200, 0, 10), Clusters.none(200));

    assertThat(passed.needed().orElseThrow()).isLessThanOrEqualTo(200);
  }

  @Test
  void clusters_that_move_as_one_pass_by_chance_only_where_they_are_not_told_of() {
    var random = new SplittableRandom(4);
    int naive = 0;
    int told = 0;
    for (int gate = 0; gate < 2_000; gate++) {
      double[] first = new double[400];
      double[] second = new double[400];
      for (int cluster = 0; cluster < 20; cluster++) {
        double lean = random.nextGaussian() * 0.15;
        for (int item = cluster * 20; item < cluster * 20 + 20; item++) {
          double drawn = random.nextDouble();
          first[item] = drawn < 0.1 + lean ? 1 : 0;
          second[item] = drawn > 0.9 + lean ? 1 : 0;
        }
      }
      MarginTest test = new MarginTest(0, 0.025);
      naive += passed(test.binary(first, second, Clusters.none(400)));
      told += passed(test.binary(first, second, dealtInRows(400, 20)));
    }

    assertThat(naive).isGreaterThan(200);
    assertThat(told).isLessThan(60);
  }

  @Test
  void marks_that_are_numbers_are_tested_by_students_t() {
    var random = new SplittableRandom(5);
    double[] first = random.doubles(50).map(x -> x + 0.4).toArray();
    double[] second = random.doubles(50).toArray();

    MarginDecision decision = BETTER.mean(first, second, Clusters.none(50));

    Interval t = MeanDifference.of(first, second, Clusters.none(50)).interval(0.95);
    assertThat(decision.difference()).isEqualTo(t);
    assertThat(decision.outcome()).isEqualTo(Outcome.PASS);
  }

  @Test
  void few_differences_leave_a_mean_few_degrees_of_freedom() {
    double[] first = new double[300];
    double[] second = new double[300];
    second[7] = 0.9;
    second[8] = 0.9;

    Interval bounds = NO_WORSE.mean(first, second, Clusters.none(300)).difference();

    assertThat(bounds.low()).isLessThan(-0.04);
  }

  @Test
  void a_resampled_statistic_is_decided_by_seed_and_clusters() {
    var random = new SplittableRandom(6);
    int[] truth = random.ints(400, 0, 4).toArray();
    int[] good = Arrays.stream(truth).map(t -> random.nextDouble() < 0.9 ? t : 3 - t).toArray();
    int[] bad = Arrays.stream(truth).map(t -> random.nextDouble() < 0.6 ? t : 3 - t).toArray();
    Contrast contrast = Contrast.macroF1(truth, good, bad);

    MarginDecision decision = BETTER.resampled(contrast, dealt(400, 40), 1_000, 9);

    assertThat(decision.outcome()).isEqualTo(Outcome.PASS);
    assertThat(decision.seed()).hasValue(9);
    assertThat(decision).isEqualTo(BETTER.resampled(contrast, dealt(400, 40), 1_000, 9));
    assertThat(BETTER.resampled(Contrast.macroF1(truth, bad, good), dealt(400, 40), 1_000, 9))
        .matches(other -> other.outcome() == Outcome.FAIL);
    assertThat(BETTER.resampled(contrast, dealt(400, 8), 1_000, 9).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
    Interval plain = Bootstrap.interval(dealt(400, 40), contrast.difference(), 1_000, 0.95, 9);
    assertThat(decision.difference().low()).isLessThan(plain.low());
    assertThat(decision.difference().high()).isGreaterThan(plain.high());
  }

  @Test
  void equal_predictions_are_no_worse_once_there_are_items_enough() {
    int[] truth = new SplittableRandom(7).ints(400, 0, 3).toArray();
    Contrast same = Contrast.macroF1(truth, truth, truth);

    assertThat(NO_WORSE.resampled(same, Clusters.none(400), 100, 1).outcome())
        .isEqualTo(Outcome.PASS);
    assertThat(new MarginTest(-0.002, 0.025).resampled(same, Clusters.none(400), 100, 1).outcome())
        .isEqualTo(Outcome.INCONCLUSIVE);
  }

  @Test
  void what_is_no_test_is_refused_with_what_is_wrong() {
    Clusters two = Clusters.none(2);
    assertThatThrownBy(() -> new MarginTest(0.02, 0.5)).hasMessageContaining("alpha 0.5");
    assertThatThrownBy(() -> BETTER.binary(new double[] {1, 0.5}, new double[2], two))
        .hasMessageContaining("a mark is 0.5");
    assertThatThrownBy(() -> BETTER.binary(new double[3], new double[2], two))
        .hasMessageContaining("3 marks and 2");
    assertThatThrownBy(() -> BETTER.binary(new double[3], new double[3], two))
        .hasMessageContaining("3 marks for 2 items");
    assertThatThrownBy(() -> BETTER.mean(new double[] {1, Double.NaN}, new double[2], two))
        .hasMessageContaining("item 1 has the marks NaN");
    assertThatThrownBy(() -> Clusters.named(List.of())).hasMessageContaining("no items");
  }

  /** The first so many right, and the last so many. */
  private static double[] marks(int items, int first, int last) {
    double[] marks = new double[items];
    Arrays.fill(marks, 0, first, 1);
    Arrays.fill(marks, items - last, items, 1);
    return marks;
  }

  private static Clusters dealt(int items, int clusters) {
    int[] numbers = new int[items];
    Arrays.setAll(numbers, item -> item % clusters);
    return Clusters.of(numbers);
  }

  private static Clusters dealtInRows(int items, int clusters) {
    int[] numbers = new int[items];
    Arrays.setAll(numbers, item -> item * clusters / items);
    return Clusters.of(numbers);
  }

  private static int passed(MarginDecision decision) {
    return decision.outcome() == Outcome.PASS ? 1 : 0;
  }
}
