package io.fettle.statistics;

import io.fettle.statistics.PowerPlan.Condition;
import java.util.Arrays;
import java.util.SplittableRandom;
import org.apache.commons.statistics.distribution.NormalDistribution;

/** Draws test sets under a plan and asks the gate's own tests; holds one drawing at a time. */
final class SimulatedGate {
  private static final NormalDistribution NORMAL = NormalDistribution.of(0, 1);

  private final PowerPlan plan;
  private final int[] sizes;

  /** Above the first a win, below the second a loss: of each condition. */
  private final double[] wins;

  private final double[] losses;

  /** Of each condition, of each item: -1, 0 or 1. */
  private final byte[][] differences;

  private final int[][] plus;
  private final int[][] minus;

  SimulatedGate(PowerPlan plan) {
    this.plan = plan;
    int conditions = plan.conditions().size();
    sizes = new int[plan.clusters()];
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      sizes[cluster] = end(cluster + 1) - end(cluster);
    }
    wins = new double[conditions];
    losses = new double[conditions];
    for (int i = 0; i < conditions; i++) {
      Condition condition = plan.conditions().get(i);
      wins[i] =
          NORMAL.inverseSurvivalProbability((condition.discordance() + condition.difference()) / 2);
      losses[i] =
          NORMAL.inverseCumulativeProbability(
              (condition.discordance() - condition.difference()) / 2);
    }
    differences = new byte[conditions][plan.items()];
    plus = new int[conditions][sizes.length];
    minus = new int[conditions][sizes.length];
  }

  private int end(int clusters) {
    return (int) ((long) plan.items() * clusters / plan.clusters());
  }

  void draw(SplittableRandom random) {
    for (int condition = 0; condition < wins.length; condition++) {
      Arrays.fill(plus[condition], 0);
      Arrays.fill(minus[condition], 0);
    }
    double fresh = (1 - plan.likeness()) / plan.likeness();
    int start = 0;
    for (int cluster = 0; cluster < sizes.length; cluster++) {
      for (int i = 0; i < sizes[cluster]; i++) {
        boolean copied = i > 0 && random.nextDouble() * (fresh + i) < i;
        if (copied) {
          copy(start + i, start + random.nextInt(i));
        } else {
          drawItem(start + i, random);
        }
        count(start + i, cluster);
      }
      start += sizes[cluster];
    }
  }

  private void copy(int to, int from) {
    for (byte[] condition : differences) {
      condition[to] = condition[from];
    }
  }

  private void drawItem(int item, SplittableRandom random) {
    double shared = Math.sqrt(plan.correlation()) * random.nextGaussian();
    double own = Math.sqrt(1 - plan.correlation());
    for (int condition = 0; condition < wins.length; condition++) {
      double latent = shared + own * random.nextGaussian();
      differences[condition][item] =
          (byte) (latent > wins[condition] ? 1 : latent < losses[condition] ? -1 : 0);
    }
  }

  private void count(int item, int cluster) {
    for (int condition = 0; condition < wins.length; condition++) {
      byte difference = differences[condition][item];
      if (difference > 0) {
        plus[condition][cluster]++;
      } else if (difference < 0) {
        minus[condition][cluster]++;
      }
    }
  }

  boolean passes(int condition) {
    return MarginTest.passes(
        sizes,
        plus[condition],
        minus[condition],
        plan.conditions().get(condition).margin(),
        plan.alpha());
  }
}
