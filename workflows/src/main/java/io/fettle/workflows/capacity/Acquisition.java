package io.fettle.workflows.capacity;

import java.time.Duration;
import java.util.Objects;

/**
 * An acquired host: the queue on which it is claimed, and the provider's name for it (empty: any
 * idle one of the pool).
 *
 * @param patience how long its agent may take to answer the claim; zero: as long as a local one
 */
public record Acquisition(String token, String claimQueue, String providerId, Duration patience) {
  public Acquisition {
    patience = Objects.requireNonNullElse(patience, Duration.ZERO);
  }
}
