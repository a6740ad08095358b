package io.fettle.benchmarks.gate;

import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.statistics.Clusters;
import io.fettle.statistics.MarginTest;
import io.fettle.statistics.Outcome;
import io.fettle.statistics.Power;
import io.fettle.statistics.PowerPlan;
import io.fettle.statistics.PowerPlan.Condition;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * Whether a gate has the power that is told before training: at the effect that is said to be
 * detectable in four gates of five, gates of marks drawn in another way are counted.
 */
final class PowerRows {
  static final String NAME = "power_shortfall_points";
  private static final double MOST = 3;
  private static final double PERCENT = 100;
  private static final double POWER = 0.8;

  /** As many as the product simulates before it tells a power. */
  private static final int TOLD_GATES = 4_000;

  private final int gates;
  private final long seed;

  PowerRows(int gates, long seed) {
    this.gates = gates;
    this.seed = seed;
  }

  /** In percent. {@code plain}: told by the formula for one condition of items for themselves. */
  private record Powers(PowerPlan plan, double told, double simulated, double plain) {
    double shortfall() {
      return told - simulated;
    }

    @Override
    public String toString() {
      return String.format(
          Locale.ROOT,
          "%d items, %d clusters, %d conditions, told %.1f, simulated %.1f",
          plan.items(),
          plan.clusters(),
          plan.conditions().size(),
          told,
          simulated);
    }
  }

  Row measure(List<PowerPlan> plans) {
    var powers = new ArrayList<Powers>();
    for (int at = 0; at < plans.size(); at++) {
      powers.add(powers(plans.get(at), seed * 1_000 + at));
    }
    Powers worst =
        powers.stream()
            .max((one, other) -> Double.compare(one.shortfall(), other.shortfall()))
            .orElseThrow();
    double plain =
        powers.stream().mapToDouble(each -> each.plain() - each.simulated()).max().orElseThrow();
    return Row.measured(NAME, worst.shortfall(), "points", gates)
        .atMost(MOST)
        .control(plain)
        .note(
            String.format(
                Locale.ROOT,
                "worst of %d plans of %,d gates: %s; control: the formula for one condition"
                    + " without clusters; seed %d",
                plans.size(),
                gates,
                worst,
                seed))
        .shownByControl();
  }

  private Powers powers(PowerPlan plan, long planSeed) {
    double effect =
        Power.detectable(plan, POWER, TOLD_GATES, planSeed)
            .orElseThrow(() -> new IllegalStateException("nothing is detectable in " + plan));
    var conditions =
        plan.conditions().stream()
            .map(
                c ->
                    new Condition(
                        c.margin() + effect,
                        c.margin(),
                        Math.max(c.discordance(), Math.abs(c.margin() + effect))))
            .toList();
    var hoped =
        new PowerPlan(
            plan.items(),
            plan.clusters(),
            plan.likeness(),
            conditions,
            plan.correlation(),
            plan.alpha());
    double told = Power.simulated(hoped, TOLD_GATES, planSeed + 1).all();
    return new Powers(
        hoped, PERCENT * told, PERCENT * simulated(hoped, planSeed + 2), PERCENT * plain(hoped));
  }

  /** The power that the formula gives, by the number of items that it asks for. */
  private static double plain(PowerPlan plan) {
    double power = 0.01;
    Condition first = plan.conditions().getFirst();
    while (power < 0.99
        && Power.items(first, plan.alpha(), power + 0.01).orElseThrow() <= plan.items()) {
      power += 0.01;
    }
    return power;
  }

  private double simulated(PowerPlan plan, long planSeed) {
    Clusters clusters = clusters(plan);
    return Gates.shares(
        gates,
        planSeed,
        1,
        () -> {
          var arms = new ArmsDraw(plan);
          return (random, passed) -> {
            arms.draw(random);
            passed[0] += passes(plan, arms, clusters) ? 1 : 0;
          };
        })[0];
  }

  private static boolean passes(PowerPlan plan, ArmsDraw arms, Clusters clusters) {
    for (int arm = 0; arm < plan.conditions().size(); arm++) {
      var test = new MarginTest(plan.conditions().get(arm).margin(), plan.alpha());
      var decision = test.binary(arms.marks[0], arms.marks[arm + 1], clusters);
      if (decision.outcome() != Outcome.PASS) {
        return false;
      }
    }
    return true;
  }

  private static Clusters clusters(PowerPlan plan) {
    int[] numbers = new int[plan.items()];
    var arms = new ArmsDraw(plan);
    for (int cluster = 0; cluster < plan.clusters(); cluster++) {
      Arrays.fill(numbers, arms.start(cluster), arms.start(cluster + 1), cluster);
    }
    return Clusters.of(numbers);
  }

  static List<PowerPlan> plans(Effort effort) {
    var better = new Condition(0, 0, 0.2);
    var muchBetter = new Condition(0, 0.02, 0.2);
    var noWorse = new Condition(0, -0.02, 0.05);
    var plans = new ArrayList<PowerPlan>();
    plans.add(PowerPlan.of(500, FalsePassRows.ALPHA, better));
    plans.add(clustered(1_000, 50, 0.05, muchBetter));
    if (!effort.isQuick()) {
      plans.add(PowerPlan.of(200, FalsePassRows.ALPHA, better));
      plans.add(PowerPlan.of(2_000, FalsePassRows.ALPHA, noWorse));
      plans.add(PowerPlan.of(1_000, FalsePassRows.ALPHA, better, muchBetter));
      plans.add(PowerPlan.of(1_000, FalsePassRows.ALPHA, better, muchBetter, noWorse));
      plans.add(clustered(1_000, 20, 0.05, better));
      plans.add(clustered(2_000, 10, 0.02, better));
      plans.add(clustered(2_000, 100, 0.05, better, muchBetter, noWorse));
    }
    return plans;
  }

  private static PowerPlan clustered(
      int items, int clusters, double likeness, Condition... conditions) {
    PowerPlan alone = PowerPlan.of(items, FalsePassRows.ALPHA, conditions);
    return new PowerPlan(
        items, clusters, likeness, alone.conditions(), alone.correlation(), alone.alpha());
  }
}
