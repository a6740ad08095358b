package io.fettle.activities.capacity;

import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/**
 * How a host learns that its provider will take it away. Polled, since every provider offers it so.
 */
public interface PreemptionSignal {
  /**
   * The notice that stands; empty while there is none.
   *
   * @throws IOException if the provider did not answer: no notice is assumed, and the caller asks
   *     again
   */
  Optional<Notice> notice() throws IOException;

  /** The host ends {@code window} after {@code at}, on this machine's clock. */
  record Notice(Instant at, Duration window) {
    public Instant end() {
      return at.plus(window);
    }
  }
}
