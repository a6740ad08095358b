package io.fettle.activities.plan;

import io.fettle.workflows.spec.CapacitySpec;
import java.time.Duration;
import java.util.Locale;
import java.util.Objects;

/**
 * What a run is expected to cost: the price of an hour times the hours of training, which the spec
 * expects, or else are forecast. Interruptions, and the hosts of other steps, come on top.
 *
 * @param dollars -1: not known
 * @param note in a sentence
 */
record Price(double dollars, String note) {
  /**
   * @param hour dollars; -1: not known
   */
  static Price of(CapacitySpec capacity, double hour, Forecast forecast) {
    var market = PlanActivitiesImpl.market(capacity);
    var hosts =
        "hosts of %s, %s"
            .formatted(
                String.join(", ", capacity.pools()),
                market.name().toLowerCase(Locale.ROOT).replace('_', '-'));
    var cap =
        capacity.budgetDollars() == null
            ? ""
            : "; the run stops before %s".formatted(money(capacity.budgetDollars()));
    if (hour < 0) {
      return new Price(-1, unknown(hosts, capacity));
    }
    if (capacity.expected() == null && !forecast.known() && hour > 0) {
      return new Price(
          -1,
          "An hour of %s, costs about %s dollars; how many it takes is not known, capacity.expected says it%s."
              .formatted(hosts, money(hour), cap));
    }
    double dollars =
        capacity.expected() == null
            ? forecast.dollars(hour)
            : hour * hours(Objects.requireNonNull(capacity.expected()));
    var hours =
        capacity.expected() == null
            ? forecast.hours()
            : money(hours(capacity.expected())) + " hours";
    return new Price(
        dollars,
        "%s of %s, at %s dollars make %s dollars%s."
            .formatted(hours, hosts, money(hour), money(dollars), cap));
  }

  /** Hosts without a price count as nothing for a budget; EC2 alone tells one at a launch. */
  private static String unknown(String hosts, CapacitySpec capacity) {
    return "What %s, cost is not known%s."
        .formatted(
            hosts,
            capacity.budgetDollars() == null
                ? ""
                : ", so budget_dollars stops nothing unless the provider tells a price at the launch:"
                    + " write prices for the pool in pools.yaml");
  }

  private static double hours(Duration time) {
    return time.toSeconds() / 3600.0;
  }

  private static String money(double dollars) {
    return String.format(Locale.ROOT, "%.2f", dollars);
  }
}
