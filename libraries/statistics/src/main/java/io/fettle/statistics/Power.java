package io.fettle.statistics;

import io.fettle.statistics.PowerPlan.Condition;
import java.util.List;
import java.util.OptionalDouble;
import java.util.OptionalLong;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import org.apache.commons.statistics.distribution.NormalDistribution;

/**
 * What a gate can show, before anything is trained. Gates are simulated and judged by the tests of
 * {@link MarginTest#binary}, so that what these give up where few items differ is in the number.
 */
public final class Power {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);
  private static final double FINEST = 5e-4;

  private Power() {}

  /**
   * The share of gates that pass.
   *
   * @param all every condition
   * @param each each condition for itself, in the plan's order
   * @param error the standard error of {@code all} that comes of simulating
   */
  public record Estimate(double all, List<Double> each, double error) {
    /** The conditions cannot be changed later. */
    public Estimate {
      each = List.copyOf(each);
    }
  }

  /**
   * The power under a plan, by simulated gates. Items of a cluster are alike as those of a
   * Dirichlet multinomial are, drawn by Polya's urn: an item is a copy of an earlier one of its
   * cluster with a chance that gives the plan's likeness.
   *
   * <p>Source of the urn: D. Blackwell and J. B. MacQueen, "Ferguson distributions via Polya urn
   * schemes", Annals of Statistics 1 (1973).
   *
   * @param gates 4,000 know the power to 1.6 points, 95 of 100 times
   * @param seed same seed, same power
   * @throws IllegalArgumentException where there are no gates
   */
  public static Estimate simulated(PowerPlan plan, int gates, long seed) {
    if (gates < 1) {
      throw new IllegalArgumentException("%d gates; needs at least one".formatted(gates));
    }
    SplittableRandom random = new SplittableRandom(seed);
    SimulatedGate gate = new SimulatedGate(plan);
    int conditions = plan.conditions().size();
    int[] each = new int[conditions];
    int all = 0;
    for (int i = 0; i < gates; i++) {
      gate.draw(random);
      boolean every = true;
      for (int condition = 0; condition < conditions; condition++) {
        boolean passed = gate.passes(condition);
        each[condition] += passed ? 1 : 0;
        every &= passed;
      }
      all += every ? 1 : 0;
    }
    double share = all / (double) gates;
    return new Estimate(
        share,
        IntStream.of(each).mapToObj(passed -> passed / (double) gates).toList(),
        Math.sqrt(share * (1 - share) / gates));
  }

  /**
   * The minimal detectable effect: by how much every true difference has to exceed its margin for
   * the whole gate to pass as often as asked. The plan's own differences do not matter; where the
   * effect is larger than the share of items that differ, that share is taken to be as large.
   *
   * @param power such as 0.8
   * @return to 0.0005; empty where no effect is large enough
   * @throws IllegalArgumentException where there are no gates
   */
  public static OptionalDouble detectable(PowerPlan plan, double power, int gates, long seed) {
    double most =
        plan.conditions().stream().mapToDouble(c -> 1 - c.margin()).min().orElseThrow() - 1e-9;
    if (simulated(exceeding(plan, most), gates, seed).all() < power) {
      return OptionalDouble.empty();
    }
    double least = 0;
    while (most - least > FINEST) {
      double middle = (least + most) / 2;
      if (simulated(exceeding(plan, middle), gates, seed).all() < power) {
        least = middle;
      } else {
        most = middle;
      }
    }
    return OptionalDouble.of(most);
  }

  private static PowerPlan exceeding(PowerPlan plan, double effect) {
    return plan.withConditions(
        plan.conditions().stream().map(c -> c.withDifference(c.margin() + effect)).toList());
  }

  /**
   * How many items, each for itself, one condition takes: {@code ((z_alpha * sd under the margin +
   * z_power * sd) / (difference - margin))^2}, the variance of a difference being {@code
   * discordance - difference^2}.
   *
   * <p>Source: J. M. Lachin, "Introduction to sample size determination and power analysis for
   * clinical trials", Controlled Clinical Trials 2 (1981), with the variance of T. Tango,
   * Statistics in Medicine 17 (1998), under the margin.
   *
   * @param alpha one-sided
   * @param power such as 0.8
   * @return empty where the true difference does not exceed the margin
   */
  public static OptionalLong items(Condition condition, double alpha, double power) {
    double away = condition.difference() - condition.margin();
    if (away <= 0) {
      return OptionalLong.empty();
    }
    double lost = (condition.discordance() - condition.difference()) / 2;
    double margin = condition.margin();
    double likely = PairedProportions.lost(lost + condition.difference(), lost, 1, margin);
    double underMargin = Math.max(0, 2 * likely + margin * (1 - margin));
    double own = condition.discordance() - condition.difference() * condition.difference();
    double sd =
        NORMAL.inverseSurvivalProbability(alpha) * Math.sqrt(underMargin)
            + NORMAL.inverseCumulativeProbability(power) * Math.sqrt(own);
    return OptionalLong.of(Math.max(2, (long) Math.ceil(sd * sd / (away * away))));
  }
}
