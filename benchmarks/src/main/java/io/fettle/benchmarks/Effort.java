package io.fettle.benchmarks;

import java.nio.file.Path;
import java.util.Optional;

/**
 * How much to measure.
 *
 * @param data rows from outside, for the rows that need them
 * @param traces availability traces, for the benchmark that replays them
 * @param rows how the names begin of the rows that are wanted; empty: all
 * @param seed of what is drawn, where a benchmark lets it be chosen
 * @param pool where the hosts come from, for the benchmark that can launch some; empty: local
 */
public record Effort(
    Level level,
    Optional<Path> data,
    Optional<Path> traces,
    Optional<String> rows,
    long seed,
    Optional<String> pool) {
  /** Of published rows. */
  static final long USUAL_SEED = 1;

  /** All rows. */
  public Effort(Level level, Optional<Path> data, Optional<Path> traces) {
    this(level, data, traces, Optional.empty(), USUAL_SEED);
  }

  /** On the local pool. */
  public Effort(
      Level level, Optional<Path> data, Optional<Path> traces, Optional<String> rows, long seed) {
    this(level, data, traces, rows, seed, Optional.empty());
  }

  /** From CI's to the published one. */
  public enum Level {
    /** Under five minutes, counts only: nothing timed. */
    QUICK,
    USUAL,
    /** Under 90 minutes; fails on a row that cannot run. */
    FULL
  }

  /** Whether rows are wanted whose names all begin with these letters. */
  public boolean wants(String common) {
    return rows.isEmpty() || common.startsWith(rows.get()) || rows.get().startsWith(common);
  }

  public boolean isQuick() {
    return level == Level.QUICK;
  }
}
