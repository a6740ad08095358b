package io.fettle.activities.plan;

import io.fettle.workflows.spec.Market;
import io.fettle.workflows.spec.CapacitySpec;
import java.time.Duration;
import java.util.List;
import java.util.Locale;

/**
 * What a run is expected to cost: the price of an hour times the hours of training that the spec
 * expects. Interruptions, and the hosts of other steps, come on top.
 *
 * @param dollars -1: not known
 * @param note in a sentence; empty on machines that one has
 */
record Price(double dollars, String note) {
  static Price of(CapacitySpec capacity, String shape, Planner.Prices prices) {
    if (capacity.market() == null && capacity.pools().equals(List.of("local"))) {
      return new Price(0, "");
    }
    var market = market(capacity);
    var hour = prices.dollarsPerHour(capacity.pools(), shape, market);
    var hosts = "hosts of %s, %s".formatted(String.join(", ", capacity.pools()), word(market));
    if (hour.isEmpty()) {
      return new Price(-1, "What %s, cost is not known%s.".formatted(hosts, cap(capacity)));
    }
    if (capacity.expected() == null) {
      return new Price(
          -1,
          "An hour of %s, costs about %s dollars; how many it takes is not known, capacity.expected says it%s."
              .formatted(hosts, money(hour.getAsDouble()), cap(capacity)));
    }
    double dollars = hour.getAsDouble() * hours(capacity.expected());
    return new Price(
        dollars,
        "%s hours of %s, at %s dollars make %s dollars%s."
            .formatted(
                money(hours(capacity.expected())),
                hosts,
                money(hour.getAsDouble()),
                money(dollars),
                cap(capacity)));
  }

  private static Market market(CapacitySpec capacity) {
    return PlanActivitiesImpl.market(capacity);
  }

  private static String cap(CapacitySpec capacity) {
    return capacity.budgetDollars() == null
        ? ""
        : "; the run stops before %s".formatted(money(capacity.budgetDollars()));
  }

  private static String word(Market market) {
    return market.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }

  private static double hours(Duration time) {
    return time.toSeconds() / 3600.0;
  }

  private static String money(double dollars) {
    return String.format(Locale.ROOT, "%.2f", dollars);
  }
}
