package io.fettle.benchmarks;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much to measure.
 *
 * @param data rows from outside, for the rows that need them
 * @param traces availability traces, for the benchmark that replays them
 */
public record Effort(Level level, Optional<Path> data, Optional<Path> traces) {
  /** From CI's to the published one. */
  public enum Level {
    /** Under five minutes, counts only: nothing timed. */
    QUICK,
    USUAL,
    /** Under 90 minutes; fails on a row that cannot run. */
    FULL
  }

  public boolean isQuick() {
    return level == Level.QUICK;
  }
}
