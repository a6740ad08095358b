package io.fettle.workflows.spec;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run may cost and when it has to be done, as its spec and its amendments say.
 *
 * @param market the one that is asked for first
 * @param preemptions after which spot is not asked for again; a later free choice returns to it
 * @param deadline of the training, from the run's start; empty: none
 * @param dollars that the run may cost in all; empty: no cap
 * @param experiment whose runs share {@code experimentDollars}; empty: none
 * @param experimentDollars that they may cost together; empty: no cap
 * @param lease how long a silent host is kept
 * @param stop how long a trainer may take to save and stop
 */
public record CapacityTerms(
    Market market,
    int preemptions,
    Optional<Duration> deadline,
    Optional<Double> dollars,
    Optional<String> experiment,
    Optional<Double> experimentDollars,
    Duration lease,
    Duration stop) {
  private static final Duration LEASE = Duration.ofMinutes(15);
  private static final Duration STOP = Duration.ofSeconds(30);

  /** For plans of releases that knew machines of one's own alone. */
  public static final CapacityTerms NONE =
      new CapacityTerms(
          Market.OWNED,
          Integer.MAX_VALUE,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          LEASE,
          STOP);

  public CapacityTerms {
    market = Objects.requireNonNullElse(market, Market.OWNED);
    deadline = Objects.requireNonNullElse(deadline, Optional.empty());
    dollars = Objects.requireNonNullElse(dollars, Optional.empty());
    experiment = Objects.requireNonNullElse(experiment, Optional.empty());
    experimentDollars = Objects.requireNonNullElse(experimentDollars, Optional.empty());
    lease = Objects.requireNonNullElse(lease, LEASE);
    stop = Objects.requireNonNullElse(stop, STOP);
  }
}
