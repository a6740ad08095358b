package io.fettle.activities.capacity.signal;

import java.time.Duration;
import java.time.Instant;

/** What is left of a window whose ends were read from one clock. */
final class Windows {
  private Windows() {}

  /** From now to the end: never negative, never longer than what was promised. */
  static Duration between(Instant now, Instant end, Duration promised) {
    var left = Duration.between(now, end);
    if (left.isNegative()) {
      return Duration.ZERO;
    }
    return left.compareTo(promised) > 0 ? promised : left;
  }
}
