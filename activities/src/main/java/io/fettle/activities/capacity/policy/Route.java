package io.fettle.activities.capacity.policy;

import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.spec.Market;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * The markets that a choice may take now, the wanted one first.
 *
 * @param why with its numbers
 * @param patience seconds until it may differ for time's sake alone
 */
record Route(List<Market> markets, String why, double patience) {
  Route {
    markets = List.copyOf(markets);
  }

  /**
   * @param spot what there is of it, open or not
   */
  static Route of(CapacityRequest request, Stance stance, List<Candidate> spot) {
    return switch (request.terms().market()) {
      case SPOT -> request.cheaper() ? back(request, stance) : spot(request, stance, spot);
      case RESERVED -> fixed(Market.RESERVED, stance);
      case ON_DEMAND, OWNED -> fixed(Market.ON_DEMAND, stance);
    };
  }

  private static Route fixed(Market market, Stance stance) {
    return new Route(
        List.of(market), "the spec's market; " + stance.show(), Double.POSITIVE_INFINITY);
  }

  /** From a dearer host that works: only where that risks nothing. */
  private static Route back(CapacityRequest request, Stance stance) {
    boolean may = stance.mayReturn() && (!isTired(request) || stance.hasDeadline());
    return new Route(
        may ? List.of(Market.SPOT) : List.of(),
        (may ? "back to spot; " : "not back to spot yet; ") + counts(request, stance),
        Double.POSITIVE_INFINITY);
  }

  private static Route spot(CapacityRequest request, Stance stance, List<Candidate> spot) {
    var why = counts(request, stance);
    if (stance.isAtRisk()) {
      return new Route(
          List.of(Market.ON_DEMAND, Market.SPOT), "the deadline is at risk; " + why, 0);
    }
    if (isTired(request) && !(stance.hasDeadline() && stance.mayReturn())) {
      return new Route(List.of(Market.ON_DEMAND, Market.SPOT), "taken back too often; " + why, 0);
    }
    var markets = new ArrayList<>(List.of(Market.SPOT));
    double patience = Math.min(stance.patience(), waitLeft(request));
    boolean never =
        spot.stream().allMatch(each -> each.shun().filter(shun -> !shun.isPassing()).isPresent());
    if (stance.isBehind() || patience <= 0 || never) {
      markets.add(Market.ON_DEMAND);
    }
    return new Route(markets, why, patience);
  }

  private static boolean isTired(CapacityRequest request) {
    return request.progress().preemptions() >= request.terms().preemptions();
  }

  private static double waitLeft(CapacityRequest request) {
    return request
        .terms()
        .waitForSpot()
        .map(time -> Math.max(0, time.toSeconds() - request.progress().waitedSeconds()))
        .orElse(Double.POSITIVE_INFINITY);
  }

  private static String counts(CapacityRequest request, Stance stance) {
    int allowed = request.terms().preemptions();
    var of = allowed == Integer.MAX_VALUE ? "" : " of " + allowed;
    return stance.show()
        + String.format(
            Locale.ROOT,
            ", %d%s taken back, waited %.0f s",
            request.progress().preemptions(),
            of,
            request.progress().waitedSeconds());
  }
}
