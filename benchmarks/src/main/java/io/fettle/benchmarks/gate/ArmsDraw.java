package io.fettle.benchmarks.gate;

import io.fettle.statistics.PowerPlan;
import io.fettle.statistics.PowerPlan.Condition;
import java.util.SplittableRandom;

/**
 * Marks of a candidate and its other arms, which err independently of each other once it is known
 * whether the candidate does. Items of a cluster are drawn by Polya's urn, all arms' marks at once.
 */
final class ArmsDraw {
  private static final double CANDIDATE = 0.8;

  private final PowerPlan plan;

  /** Of each arm: the chance of a right answer where the candidate's is right, and where wrong. */
  private final double[] beside;

  private final double[] against;

  /** The candidate's first, then each arm's; one an item. */
  final double[][] marks;

  ArmsDraw(PowerPlan plan) {
    this.plan = plan;
    int arms = plan.conditions().size();
    beside = new double[arms];
    against = new double[arms];
    marks = new double[arms + 1][plan.items()];
    for (int arm = 0; arm < arms; arm++) {
      Condition condition = plan.conditions().get(arm);
      beside[arm] = 1 - (condition.discordance() + condition.difference()) / 2 / CANDIDATE;
      against[arm] = (condition.discordance() - condition.difference()) / 2 / (1 - CANDIDATE);
    }
  }

  void draw(SplittableRandom random) {
    double fresh = (1 - plan.likeness()) / plan.likeness();
    for (int cluster = 0; cluster < plan.clusters(); cluster++) {
      int start = start(cluster);
      int size = start(cluster + 1) - start;
      for (int i = 0; i < size; i++) {
        if (i > 0 && random.nextDouble() * (fresh + i) < i) {
          copy(start + i, start + random.nextInt(i));
        } else {
          drawItem(start + i, random);
        }
      }
    }
  }

  int start(int cluster) {
    return (int) ((long) plan.items() * cluster / plan.clusters());
  }

  private void copy(int to, int from) {
    for (double[] arm : marks) {
      arm[to] = arm[from];
    }
  }

  private void drawItem(int item, SplittableRandom random) {
    boolean right = random.nextDouble() < CANDIDATE;
    marks[0][item] = right ? 1 : 0;
    for (int arm = 0; arm < beside.length; arm++) {
      marks[arm + 1][item] = random.nextDouble() < (right ? beside[arm] : against[arm]) ? 1 : 0;
    }
  }
}
