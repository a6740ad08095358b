package io.fettle.workflows.run;

import java.time.Duration;
import java.util.Objects;
import java.util.Optional;

/**
 * A change to a live run.
 *
 * @param pool the only pool to ask from the next host on
 * @param shape the machine type to ask for from the next host on
 * @param deadline when training has to be done, from the run's start
 * @param checkpointInterval longest time between checkpoints, from the next lease on
 * @param skipGate whether the run goes on even where the gate does not say PASS
 * @param dollars that the run's hosts may cost in all
 */
public record Amend(
    String by,
    String reason,
    Optional<String> pool,
    Optional<String> shape,
    Optional<Duration> deadline,
    Optional<Duration> checkpointInterval,
    boolean skipGate,
    Optional<Double> dollars) {
  public Amend {
    dollars = Objects.requireNonNullElse(dollars, Optional.empty()); // none in older orders
  }

  /** With no word on money. */
  public Amend(
      String by,
      String reason,
      Optional<String> pool,
      Optional<String> shape,
      Optional<Duration> deadline,
      Optional<Duration> checkpointInterval,
      boolean skipGate) {
    this(by, reason, pool, shape, deadline, checkpointInterval, skipGate, Optional.empty());
  }
}
