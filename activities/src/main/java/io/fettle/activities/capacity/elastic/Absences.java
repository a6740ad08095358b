package io.fettle.activities.capacity.elastic;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Collection;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What a provider does not show. One look that finds nothing says little: lists lag, and the mark
 * of the launch is by another worker's clock. Two of them, further apart on this process's own
 * clock than a list can lag, with nothing seen between, say that it is gone. Safe for concurrent
 * use.
 */
final class Absences {
  private final Map<String, Instant> since = new ConcurrentHashMap<>();
  private final Duration lag;
  private final InstantSource steady;

  Absences(Duration lag, InstantSource steady) {
    this.lag = lag;
    this.steady = steady;
  }

  /** Notes a look that found nothing. Whether it is gone by now. */
  boolean missed(String token) {
    var now = steady.instant();
    var first = since.putIfAbsent(token, now);
    return first != null && Duration.between(first, now).compareTo(lag) > 0;
  }

  void seen(String token) {
    since.remove(token);
  }

  /** Forgets all others. */
  void retain(Collection<String> tokens) {
    since.keySet().retainAll(tokens);
  }
}
