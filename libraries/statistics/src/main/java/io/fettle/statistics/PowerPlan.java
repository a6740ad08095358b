package io.fettle.statistics;

import java.util.List;

/**
 * A gate of yes-or-no marks before anything is trained: what is expected of its test set and of
 * each condition.
 *
 * @param items of the test set
 * @param clusters that they fall into, evenly; as many as items where each is for itself
 * @param likeness the correlation of the differences of two items of a cluster, from 0 to below 1
 * @param conditions which all have to pass
 * @param correlation of the conditions, from 0 to below 1: of normal variables behind an item's
 *     differences from each arm. The power of all is least at 0; arms that err independently of
 *     each other, once it is known whether the candidate errs, have about 0.3
 * @param alpha of each condition, one-sided
 */
public record PowerPlan(
    int items,
    int clusters,
    double likeness,
    List<Condition> conditions,
    double correlation,
    double alpha) {
  private static final double SHARED_CANDIDATE = 0.3;

  /**
   * A candidate against one other arm.
   *
   * @param difference the true one that is hoped for, candidate minus the other arm
   * @param margin what it has to exceed
   * @param discordance the share of items that only one of both arms has right
   */
  public record Condition(double difference, double margin, double discordance) {
    /**
     * A condition.
     *
     * @throws IllegalArgumentException where fewer items differ than the difference takes
     */
    public Condition {
      if (!(discordance >= Math.abs(difference) && discordance <= 1) || !(Math.abs(margin) < 1)) {
        throw new IllegalArgumentException(
            ("a difference of %s with a share of %s of items that differ and a margin of %s; needs"
                    + " a share from the difference to 1, and a margin between -1 and 1")
                .formatted(difference, discordance, margin));
      }
    }

    /** The same with another true difference; more items differ where that takes them. */
    Condition withDifference(double other) {
      return new Condition(other, margin, Math.max(discordance, Math.abs(other)));
    }
  }

  /**
   * A plan.
   *
   * @throws IllegalArgumentException where a number lies outside what is told of it, or there is no
   *     condition
   */
  public PowerPlan {
    conditions = List.copyOf(conditions);
    if (items < 2 || clusters < 2 || clusters > items || conditions.isEmpty()) {
      throw new IllegalArgumentException(
          "%d items in %d clusters under %d conditions; needs two items, two to as many clusters, and a condition"
              .formatted(items, clusters, conditions.size()));
    }
    boolean shares = likeness >= 0 && likeness < 1 && correlation >= 0 && correlation < 1;
    if (!shares || !(alpha > 0 && alpha < 0.5)) {
      throw new IllegalArgumentException(
          "likeness %s, correlation %s, alpha %s; needs the first two from 0 to below 1, and an alpha above 0 and below 0.5"
              .formatted(likeness, correlation, alpha));
    }
  }

  /** Every item for itself, and conditions that share the candidate and nothing else. */
  public static PowerPlan of(int items, double alpha, Condition... conditions) {
    return new PowerPlan(items, items, 0, List.of(conditions), SHARED_CANDIDATE, alpha);
  }

  PowerPlan withConditions(List<Condition> others) {
    return new PowerPlan(items, clusters, likeness, others, correlation, alpha);
  }
}
