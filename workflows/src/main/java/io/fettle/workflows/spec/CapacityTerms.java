package io.fettle.workflows.spec;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run may cost and when it has to be done, as its spec and its amendments say.
 *
 * @param market the one that is asked for first
 * @param preemptions after which spot is left for on-demand; a later free choice returns to it
 *     where a deadline leaves room
 * @param deadline of the training, from the run's start; empty: none
 * @param dollars that the run may cost in all; empty: no cap
 * @param experiment whose runs share {@code experimentDollars}; empty: none
 * @param experimentDollars that they may cost together; empty: no cap
 * @param waitForSpot how long to wait where there is no spot, before on-demand is taken; empty: as
 *     long as it takes
 * @param expected how long training takes without interruption, as the spec says; empty: known once
 *     it is measured
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
    Optional<Duration> waitForSpot,
    Optional<Duration> expected,
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
    waitForSpot = Objects.requireNonNullElse(waitForSpot, Optional.empty());
    expected = Objects.requireNonNullElse(expected, Optional.empty());
    lease = Objects.requireNonNullElse(lease, LEASE);
    stop = Objects.requireNonNullElse(stop, STOP);
  }

  /** The same with what an operator has amended. */
  public CapacityTerms with(Optional<Duration> newDeadline, Optional<Double> newDollars) {
    return new CapacityTerms(
        market,
        preemptions,
        newDeadline.or(() -> deadline),
        newDollars.or(() -> dollars),
        experiment,
        experimentDollars,
        waitForSpot,
        expected,
        lease,
        stop);
  }
}
