package io.fettle.statistics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.fettle.statistics.PowerPlan.Condition;
import java.util.List;
import org.junit.jupiter.api.Test;

class PowerTest {
  private static final double ALPHA = 0.025;
  private static final Condition BETTER = new Condition(0.05, 0, 0.2);
  private static final Condition NO_WORSE = new Condition(0, -0.02, 0.05);

  @Test
  void the_formula_asks_for_the_items_at_which_four_simulated_gates_of_five_pass() {
    for (Condition condition : List.of(BETTER, NO_WORSE, new Condition(0.1, 0.02, 0.3))) {
      int items = (int) Power.items(condition, ALPHA, 0.8).orElseThrow();

      assertThat(Power.simulated(PowerPlan.of(items, ALPHA, condition), 6_000, 1).all())
          .isCloseTo(0.8, within(0.03));
    }
    assertThat(Power.items(new Condition(0.02, 0.02, 0.1), ALPHA, 0.8)).isEmpty();
  }

  @Test
  void at_the_margin_hardly_more_than_alpha_pass() {
    var plan = PowerPlan.of(500, ALPHA, new Condition(0.02, 0.02, 0.2));

    assertThat(Power.simulated(plan, 20_000, 2).all()).isLessThan(ALPHA + 0.004);
  }

  @Test
  void all_conditions_pass_less_often_than_each_and_more_often_the_more_they_have_in_common() {
    var apart = new PowerPlan(1_000, 1_000, 0, List.of(BETTER, NO_WORSE), 0, ALPHA);
    var alike = new PowerPlan(1_000, 1_000, 0, List.of(BETTER, BETTER), 0.9, ALPHA);

    Power.Estimate estimate = Power.simulated(apart, 4_000, 3);

    assertThat(estimate.all())
        .isCloseTo(estimate.each().get(0) * estimate.each().get(1), within(0.015));
    Power.Estimate common = Power.simulated(alike, 4_000, 3);
    assertThat(common.all()).isGreaterThan(common.each().get(0) * common.each().get(1) + 0.01);
  }

  @Test
  void likeness_within_clusters_and_fewer_of_them_cost_power() {
    double items = power(1_000, 0);
    double many = power(100, 0.1);
    double few = power(20, 0.1);

    assertThat(items).isGreaterThan(many + 0.05);
    assertThat(many).isGreaterThan(few + 0.05);
    assertThat(power(9, 0.1)).isZero();
  }

  @Test
  void the_detectable_effect_is_the_one_at_which_the_gate_has_the_power() {
    // 200 items with a fifth that differ: (1.96 + 0.84)^2 (p - d^2) / d^2 = 200 has d = 0.087
    double effect = Power.detectable(PowerPlan.of(200, ALPHA, BETTER), 0.8, 4_000, 4).orElseThrow();
    assertThat(effect).isCloseTo(0.087, within(0.004));

    var both = PowerPlan.of(1_000, ALPHA, BETTER, NO_WORSE);
    double common = Power.detectable(both, 0.8, 4_000, 4).orElseThrow();
    var reached =
        PowerPlan.of(
            1_000, ALPHA, new Condition(common, 0, 0.2), new Condition(common - 0.02, -0.02, 0.05));
    assertThat(Power.simulated(reached, 4_000, 5).all()).isCloseTo(0.8, within(0.03));
  }

  @Test
  void too_few_clusters_detect_nothing() {
    assertThat(Power.detectable(new PowerPlan(900, 9, 0.1, List.of(BETTER), 0, ALPHA), 0.8, 200, 1))
        .isEmpty();
  }

  @Test
  void a_plan_that_cannot_be_is_refused_with_what_is_wrong() {
    assertThatThrownBy(() -> new Condition(0.1, 0, 0.05)).hasMessageContaining("difference of 0.1");
    assertThatThrownBy(() -> PowerPlan.of(1, ALPHA, BETTER)).hasMessageContaining("1 items");
    assertThatThrownBy(() -> new PowerPlan(10, 5, 1, List.of(BETTER), 0, ALPHA))
        .hasMessageContaining("likeness 1.0");
    assertThatThrownBy(() -> Power.simulated(PowerPlan.of(10, ALPHA, BETTER), 0, 1))
        .hasMessageContaining("0 gates");
  }

  private static double power(int clusters, double likeness) {
    var plan = new PowerPlan(1_000, clusters, likeness, List.of(BETTER), 0, ALPHA);
    return Power.simulated(plan, 3_000, 6).all();
  }
}
