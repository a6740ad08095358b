package io.fettle.benchmarks.gate;

import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.stream.LongStream;

/**
 * Counts what many simulated gates say, on all cores; a seed draws the same gates on any machine.
 */
final class Gates {
  private static final int CHUNK = 500;

  private Gates() {}

  /** One gate: draws its marks, and counts 1 for each method that passes. */
  interface Trial {
    void run(SplittableRandom random, long[] passed);
  }

  /**
   * Shares of gates that passed, one a method.
   *
   * @param trials a new one for each thread's chunk, so that it may hold arrays
   */
  static double[] shares(int gates, long seed, int methods, Supplier<Trial> trials) {
    int chunks = (gates + CHUNK - 1) / CHUNK;
    var root = new SplittableRandom(seed);
    long[] seeds = LongStream.generate(root::nextLong).limit(chunks).toArray();
    long[] passed =
        LongStream.of(seeds)
            .parallel()
            .mapToObj(
                own -> {
                  var random = new SplittableRandom(own);
                  Trial trial = trials.get();
                  long[] counts = new long[methods];
                  for (int gate = 0; gate < CHUNK; gate++) {
                    trial.run(random, counts);
                  }
                  return counts;
                })
            .reduce(new long[methods], Gates::plus);
    double[] shares = new double[methods];
    for (int method = 0; method < methods; method++) {
      shares[method] = passed[method] / ((double) chunks * CHUNK);
    }
    return shares;
  }

  private static long[] plus(long[] one, long[] other) {
    long[] sum = new long[one.length];
    for (int i = 0; i < sum.length; i++) {
      sum[i] = one[i] + other[i];
    }
    return sum;
  }
}
