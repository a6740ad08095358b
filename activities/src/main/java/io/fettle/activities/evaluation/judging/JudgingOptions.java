package io.fettle.activities.evaluation.judging;

import io.fettle.activities.store.ObjectStore;
import java.time.Duration;
import java.util.Optional;
import java.util.function.Function;

/**
 * How judges are asked from here.
 *
 * @param store where what they said is remembered, under {@code scores/}
 * @param secrets the value of a name; empty where this host has none
 * @param attempts how often one thing is asked at most, where the server is busy or breaks
 * @param pause before the second attempt; doubled before each further one
 * @param answer how long one may take
 */
public record JudgingOptions(
    ObjectStore store,
    Function<String, Optional<String>> secrets,
    int attempts,
    Duration pause,
    Duration answer) {
  private static final int ATTEMPTS = 6;

  /** With the usual patience. */
  public JudgingOptions(ObjectStore store, Function<String, Optional<String>> secrets) {
    this(store, secrets, ATTEMPTS, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }
}
