package io.fettle.benchmarks.capacity;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;

/** Time that passes when it is told to: minutes of a cloud in a test's milliseconds. */
public final class VirtualClock implements InstantSource {
  private Instant now = Instant.parse("2026-01-01T00:00:00Z"); // guarded by this

  @Override
  public synchronized Instant instant() {
    return now;
  }

  public synchronized void pass(Duration time) {
    now = now.plus(time);
  }
}
