package io.fettle.activities.evaluation;

import io.fettle.statistics.Power;
import io.fettle.statistics.PowerPlan;
import io.fettle.statistics.PowerPlan.Condition;
import io.fettle.workflows.evaluation.Criteria;
import java.util.List;
import java.util.Locale;
import java.util.OptionalDouble;

/** What the gate's test items can show, told before anything is trained. */
final class GatePower {
  private static final double ASKED = 0.8;

  /** Drawn gates; more items take fewer, so that a large test set is not waited for. */
  private static final int MOST_GATES = 1_000;

  private static final int DRAWN_ITEMS = 400_000;

  /** A fifth of the items that only one of candidate and prompted arm has right. */
  private static final double DISCORDANCE = 0.2;

  /** Quantizing changes fewer. */
  private static final double PARENT_DISCORDANCE = 0.1;

  private static final double LIKENESS = 0.3;
  private static final double CORRELATION = 0.5;

  private GatePower() {}

  /**
   * By how much the candidate has to exceed every bound for the gate to pass in four of five runs.
   * Taken is that a fifth of the items tell candidate and prompted arm apart, and a tenth candidate
   * and parent.
   *
   * @param clusters that the items fall into; as many as items where each is for itself
   */
  static String said(Criteria criteria, int items, int clusters) {
    if (clusters < 2) {
      return "the gate has %d test items, too few to show anything".formatted(items);
    }
    var plan =
        new PowerPlan(
            items,
            clusters,
            clusters < items ? LIKENESS : 0,
            List.of(
                condition(criteria.margin(), DISCORDANCE),
                condition(-criteria.loss(), PARENT_DISCORDANCE)),
            CORRELATION,
            criteria.oneSidedAlpha());
    int gates = Math.clamp(DRAWN_ITEMS / items, 200, MOST_GATES);
    OptionalDouble effect = Power.detectable(plan, ASKED, gates, criteria.seed());
    String of =
        clusters < items
            ? "%d test items in %d clusters".formatted(items, clusters)
            : "%d test items".formatted(items);
    return effect.isPresent()
        ? String.format(
            Locale.ROOT,
            "the gate's %s pass a candidate in 4 of 5 runs that exceeds every bound by %.1f points",
            of,
            effect.getAsDouble() * 100)
        : "the gate's %s cannot show that a candidate exceeds its bounds; take more".formatted(of);
  }

  private static Condition condition(double margin, double discordance) {
    return new Condition(margin, margin, Math.max(discordance, Math.abs(margin)));
  }
}
