package io.fettle.benchmarks.failures;

import java.util.stream.DoubleStream;

/** Order statistics of few numbers. */
final class Quantiles {
  private Quantiles() {}

  /** The nearest rank, which is one of the numbers; 0 of none. */
  static double at(DoubleStream numbers, double quantile) {
    var sorted = numbers.sorted().toArray();
    return sorted.length == 0
        ? 0
        : sorted[Math.max(0, (int) Math.ceil(quantile * sorted.length) - 1)];
  }
}
