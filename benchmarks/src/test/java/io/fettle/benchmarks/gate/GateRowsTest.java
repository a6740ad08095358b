package io.fettle.benchmarks.gate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.fettle.statistics.Classification;
import io.fettle.statistics.PowerPlan;
import io.fettle.statistics.PowerPlan.Condition;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GateRowsTest {
  private static final Cell EVEN = new Cell(1_000, 20, 0.2, false, 0.2, -0.02);
  private static final Cell UNEVEN = new Cell(1_000, 20, 0.2, true, 0.2, 0.02);

  @Test
  void every_way_to_draw_marks_has_the_margin_as_true_difference() {
    for (Cell cell : List.of(new Cell(1_000, 1_000, 0, false, 0.2, 0.02), EVEN, UNEVEN)) {
      var random = new SplittableRandom(1);
      var rates = new Rates(cell);
      double[] first = new double[1_000];
      double[] second = new double[1_000];
      double differences = 0;
      double differing = 0;
      for (int gate = 0; gate < 4_000; gate++) {
        cell.draw(random, rates, first, second);
        for (int item = 0; item < 1_000; item++) {
          differences += first[item] - second[item];
          differing += Math.abs(first[item] - second[item]);
        }
      }

      assertThat(differences / 4e6).isCloseTo(cell.margin(), within(0.0015));
      assertThat(differing / 4e6).isCloseTo(0.2, within(0.002));
    }
  }

  @Test
  void items_of_a_cluster_are_as_alike_as_the_cell_says() {
    var random = new SplittableRandom(2);
    var rates = new Rates(EVEN);
    double[] first = new double[1_000];
    double[] second = new double[1_000];
    double products = 0;
    for (int gate = 0; gate < 20_000; gate++) {
      EVEN.draw(random, rates, first, second);
      for (int cluster = 0; cluster < 20; cluster++) {
        int item = cluster * 50 + 7;
        products +=
            (first[item] - second[item] + 0.02) * (first[item + 30] - second[item + 30] + 0.02);
      }
    }

    double variance = 0.2 - 0.02 * 0.02;
    assertThat(products / 400_000 / variance).isCloseTo(0.2, within(0.01));
  }

  @Test
  void uneven_clusters_hold_all_items_and_the_largest_has_seven_times_the_smallest() {
    int[] sizes = UNEVEN.sizes();

    assertThat(Arrays.stream(sizes).sum()).isEqualTo(1_000);
    assertThat(sizes[19] / (double) sizes[0]).isCloseTo(7, within(0.5));
    assertThat(UNEVEN.asClusters().count()).isEqualTo(20);
  }

  @Test
  void drawn_labels_have_the_margin_between_the_arms_macro_f1() {
    var cell = new Cell(1_000_000, 1_000_000, 0, false, 0.2, -0.02);
    var labels = new LabelDraw(cell);
    labels.draw(new SplittableRandom(3));
    int[] all = IntStream.range(0, 1_000_000).toArray();

    double first = Classification.macroF1(labels.truth, labels.first, all);
    double second = Classification.macroF1(labels.truth, labels.second, all);

    assertThat(first - second).isCloseTo(-0.02, within(0.003));
  }

  @Test
  void drawn_arms_differ_from_the_candidate_as_planned() {
    var plan =
        PowerPlan.of(1_000_000, 0.025, new Condition(0.05, 0, 0.2), new Condition(0, -0.02, 0.05));
    var arms = new ArmsDraw(plan);
    arms.draw(new SplittableRandom(4));

    for (int arm = 0; arm < 2; arm++) {
      double difference = 0;
      double differing = 0;
      for (int item = 0; item < 1_000_000; item++) {
        difference += arms.marks[0][item] - arms.marks[arm + 1][item];
        differing += Math.abs(arms.marks[0][item] - arms.marks[arm + 1][item]);
      }
      Condition condition = plan.conditions().get(arm);
      assertThat(difference / 1e6).isCloseTo(condition.difference(), within(0.002));
      assertThat(differing / 1e6).isCloseTo(condition.discordance(), within(0.002));
    }
  }

  @Test
  void the_seed_alone_says_what_is_counted() {
    var rows = new FalsePassRows(1_000, 5);

    assertThat(rows.measure(List.of(EVEN))).isEqualTo(rows.measure(List.of(EVEN)));
    assertThat(rows.measure(List.of(EVEN)).value())
        .isNotEqualTo(new FalsePassRows(1_000, 6).measure(List.of(EVEN)).value());
  }

  @Test
  void few_gates_of_each_kind_keep_their_bars_where_their_controls_do_not() {
    var binary = new FalsePassRows(4_000, 1).measure(List.of(EVEN));
    var bootstrap =
        new BootstrapRows(500, 300, 1).measure(List.of(new Cell(200, 10, 0.1, false, 0.05, -0.02)));
    var clustered = new PowerPlan(1_000, 50, 0.05, List.of(new Condition(0, 0.02, 0.2)), 0, 0.025);
    var power = new PowerRows(2_000, 1).measure(List.of(clustered));

    assertThat(binary.ok()).as(binary.line()).contains(true);
    assertThat(bootstrap.ok()).as(bootstrap.line()).contains(true);
    assertThat(power.ok()).as(power.line()).contains(true);
  }
}
