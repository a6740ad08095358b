package io.fettle.activities.evaluation.judging;

import io.fettle.activities.store.ObjectStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How judges are asked from here.
 *
 * @param store where what they said is remembered, under {@code scores/}
 * @param execution where the store keeps what belongs to the execution that asks; what its judges
 *     said stays as long. Empty: nothing keeps it past the grace of {@code fettle gc}
 * @param secrets the value of a name; empty where this host has none
 * @param attempts how often one thing is asked at most, where the server is busy or breaks
 * @param pause before the second attempt; doubled before each further one
 * @param answer how long one may take
 */
public record JudgingOptions(
    ObjectStore store,
    Optional<String> execution,
    Function<String, Optional<String>> secrets,
    int attempts,
    Duration pause,
    Duration answer) {
  private static final int ATTEMPTS = 6;

  /** With the usual patience, and no execution. */
  public JudgingOptions(ObjectStore store, Function<String, Optional<String>> secrets) {
    this(store, Optional.empty(), secrets, ATTEMPTS, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }

  /** The same for an execution of a run. */
  public JudgingOptions of(String run, String workflowRun) {
    return new JudgingOptions(
        store,
        Optional.of("runs/%s/executions/%s".formatted(run, workflowRun)),
        secrets,
        attempts,
        pause,
        answer);
  }
}
