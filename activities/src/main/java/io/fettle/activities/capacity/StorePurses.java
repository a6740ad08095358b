package io.fettle.activities.capacity;

import io.fettle.activities.capacity.Capacity.Standing;
import io.fettle.activities.capacity.elastic.Spending;
import io.fettle.activities.capacity.policy.Purse;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Function;

/**
 * Counts from the store. Each live host of those who share a cap has what stopping it may cost set
 * aside.
 */
final class StorePurses implements Purses {
  private final Spending spending;
  private final InstantSource clock;

  StorePurses(ObjectStore store, InstantSource clock) {
    this.spending = new Spending(store);
    this.clock = clock;
  }

  @Override
  public void keep(String run, CapacityTerms terms) throws IOException {
    spending.keep(run, terms);
  }

  /** What was kept last; empty: the run was never amended, nor asked for a host that costs. */
  Optional<CapacityTerms> kept(String run) throws IOException {
    return spending.kept(run);
  }

  @Override
  public Purse of(String run, CapacityTerms terms) throws IOException {
    spending.keepFirst(run, terms);
    if (terms.experiment().isPresent()) {
      spending.enter(terms.experiment().get(), run);
    }
    return purse(run, terms, standing(), each -> Purse.stopping(each.terms()));
  }

  /** Those that may cost something, of all pools that the store knows. */
  List<Standing> standing() throws IOException {
    return spending.standing(clock.instant()).stream()
        .filter(each -> each.place().isPresent())
        .toList();
  }

  /**
   * @param time for which each live host has money set aside
   */
  Purse purse(
      String run, CapacityTerms terms, List<Standing> standing, Function<Standing, Duration> time)
      throws IOException {
    var spent = spending.of(run, standing).dollars();
    double left = Double.POSITIVE_INFINITY;
    if (terms.dollars().isPresent()) {
      left = terms.dollars().get() - spent - aside(List.of(run), standing, time);
    }
    if (terms.experiment().isPresent() && terms.experimentDollars().isPresent()) {
      var runs = spending.runs(terms.experiment().get());
      double together = spending.together(runs, standing).dollars();
      left =
          Math.min(left, terms.experimentDollars().get() - together - aside(runs, standing, time));
    }
    return new Purse(
        spent, left == Double.POSITIVE_INFINITY ? OptionalDouble.empty() : OptionalDouble.of(left));
  }

  private static double aside(
      List<String> runs, List<Standing> standing, Function<Standing, Duration> time) {
    return standing.stream()
        .filter(each -> runs.contains(each.by().run()))
        .mapToDouble(each -> Spending.dollars(each, time.apply(each)))
        .sum();
  }
}
