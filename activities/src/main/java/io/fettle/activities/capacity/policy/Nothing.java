package io.fettle.activities.capacity.policy;

import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** Why there is no offer, and whether waiting can change that. */
record Nothing(
    Policy.Asked asked, List<Candidate> candidates, Route route, Memory memory, Instant now) {
  Nothing {
    candidates = List.copyOf(candidates);
  }

  Answer answer() {
    if (candidates.isEmpty() && asked.listings().stream().allMatch(this::isQuiet)) {
      var pools = asked.request().pools();
      return new Answer.Wait(
          "none of the pools %s has a host of shape %s just now"
              .formatted(pools, asked.request().shape()),
          Policy.within(Double.POSITIVE_INFINITY));
    }
    var why =
        "no host of shape %s: %s; %s; %s"
            .formatted(
                asked.request().shape(),
                String.join("; ", reasons()),
                route.why(),
                asked.purse().show());
    return asked.listings().stream().allMatch(this::needsPeople)
        ? new Answer.Refused(why)
        : new Answer.Wait(why, Policy.within(seconds()));
  }

  private boolean isQuiet(Policy.Listing listing) {
    return listing.silent().isEmpty()
        && memory.shun(listing.pool(), asked.execution(), now).isEmpty();
  }

  /** One that did not answer, or has nothing just now, may have something later. */
  private boolean needsPeople(Policy.Listing listing) {
    var mine = of(listing);
    return mine.isEmpty()
        ? memory.shun(listing.pool(), asked.execution(), now).filter(Shun::needsPeople).isPresent()
        : mine.stream().allMatch(each -> each.shun().filter(Shun::needsPeople).isPresent());
  }

  /** Until time brings a place back, or the deadline another market. */
  private double seconds() {
    var back =
        candidates.stream()
            .filter(each -> route.markets().contains(each.offer().market()))
            .flatMap(each -> each.shun().stream())
            .mapToDouble(shun -> Duration.between(now, shun.until()).toMillis() / 1000.0)
            .min();
    double soonest = back.isPresent() ? back.getAsDouble() : Double.POSITIVE_INFINITY;
    return route.patience() > 0 ? Math.min(soonest, route.patience()) : soonest;
  }

  private Set<String> reasons() {
    var reasons = new LinkedHashSet<String>();
    for (var listing : asked.listings()) {
      var mine = of(listing);
      if (mine.isEmpty()) {
        reasons.add(listing.pool() + " " + silence(listing));
      } else {
        mine.forEach(each -> reasons.add(reason(each)));
      }
    }
    return reasons;
  }

  private String silence(Policy.Listing listing) {
    return memory
        .shun(listing.pool(), asked.execution(), now)
        .map(Nothing::said)
        .or(listing::silent)
        .orElse("has none just now");
  }

  private List<Candidate> of(Policy.Listing listing) {
    return candidates.stream().filter(each -> each.offer().pool().equals(listing.pool())).toList();
  }

  private String reason(Candidate each) {
    var pool = each.offer().pool() + " ";
    if (each.shun().isPresent()) {
      var shun = each.shun().get();
      return shun.needsPeople() ? pool + said(shun) : pool + market(each) + said(shun);
    }
    if (!route.markets().contains(each.offer().market())) {
      return pool + Policy.word(each.offer().market()) + " is not asked for";
    }
    return pool
        + each.show()
        + " is more than the budget pays for; fettle amend --budget raises it, capacity.budget_dollars and capacity.experiment_budget_dollars set it";
  }

  private static String market(Candidate each) {
    return "%s %s in %s "
        .formatted(Policy.word(each.offer().market()), each.place().type(), each.place().zone());
  }

  private static String said(Shun shun) {
    return "said %s: %s".formatted(shun.code(), shun.sentence());
  }
}
