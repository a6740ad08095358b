package io.fettle.cli.local;

import java.time.Duration;
import java.util.function.BooleanSupplier;

/** Waiting for other processes, which tell nobody when they are done. */
final class Waiting {
  private static final long STEP_MILLIS = 20;

  private Waiting() {}

  /** Whether the condition came true within the limit. */
  static boolean until(Duration limit, BooleanSupplier condition) {
    var end = System.nanoTime() + limit.toNanos();
    while (!condition.getAsBoolean()) {
      if (System.nanoTime() - end >= 0) {
        return false;
      }
      try {
        Thread.sleep(STEP_MILLIS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
        return false;
      }
    }
    return true;
  }
}
