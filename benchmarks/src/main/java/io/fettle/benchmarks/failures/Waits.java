package io.fettle.benchmarks.failures;

import java.time.Duration;

/** Waiting for what other processes do. */
final class Waits {
  private static final Duration LOOK = Duration.ofMillis(250);

  private Waits() {}

  interface Condition {
    boolean holds() throws Exception;
  }

  /** Whether it came to hold in that time. */
  static boolean until(Duration limit, Condition condition) throws Exception {
    long end = System.nanoTime() + limit.toNanos();
    while (!condition.holds()) {
      if (System.nanoTime() - end > 0) {
        return false;
      }
      Thread.sleep(LOOK);
    }
    return true;
  }

  /**
   * @throws IllegalStateException where it did not come to hold: the benchmark itself is broken
   */
  static void must(String what, Duration limit, Condition condition) throws Exception {
    if (!until(limit, condition)) {
      throw new IllegalStateException("%s did not come within %s".formatted(what, limit));
    }
  }

  static double secondsSince(long nanos) {
    return (System.nanoTime() - nanos) / 1e9;
  }
}
