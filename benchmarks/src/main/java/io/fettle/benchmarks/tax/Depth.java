package io.fettle.benchmarks.tax;

import io.fettle.benchmarks.Effort;
import java.time.Duration;

/**
 * How much is timed.
 *
 * @param arm how long an arm lasts at the least
 * @param saves checkpoints within that time
 */
record Depth(int pairs, Duration arm, int saves) {
  static final Depth PUBLISHED = new Depth(5, Duration.ofMinutes(5), 5);

  /** A step of the warm-up may be slower than the others. */
  private static final int PERCENT = 125;

  private static final Depth SHORTER = new Depth(3, Duration.ofMinutes(1), 3);

  static Depth of(Effort.Level level) {
    return level == Effort.Level.FULL ? PUBLISHED : SHORTER;
  }

  /** Whether both arms of a pair lasted long enough; the warm-up may have been slower still. */
  boolean isFilledBy(Pair pair) {
    return pair.shorterSeconds() >= arm.toSeconds();
  }

  /**
   * The training that lasts so long. The first step is not timed, and a last checkpoint follows the
   * last step.
   *
   * @param step seconds that a step took in the warm-up
   */
  Training training(double step) {
    int timed =
        Math.max(
            saves + 1, (int) Math.ceil(arm.multipliedBy(PERCENT).toMillis() / 100_000.0 / step));
    return new Training(1 + timed, Math.max(1, timed / (saves + 1)));
  }
}
