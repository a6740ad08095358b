package io.fettle.benchmarks.data;

import io.fettle.benchmarks.Row;
import io.fettle.data.dedup.NearDuplicates;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** From texts to the keys under which LSH looks, over and over, on so many threads. */
final class Signatures {
  private static final int TRIALS = 5;
  private static final double NANOS = 1e9;
  private static final double MEGA = 1e6;

  /** So that a trial takes a second or so. */
  private static final double TRIAL_MEGABYTES = 400;

  private Signatures() {}

  static Row row(String name, Planted planted, int threads) throws InterruptedException {
    double megabytes = planted.bytes() / MEGA;
    return Row.measured(name, megabytesASecond(planted, threads), "MB/s", TRIALS)
        .note(
            "%d threads, %,d rows of %.1f MB %s"
                .formatted(threads, planted.rows().size(), megabytes, planted.origin()));
  }

  /** The median of some trials, after one that warms the compilers up. */
  static double megabytesASecond(Planted planted, int threads) throws InterruptedException {
    double megabytes = planted.bytes() / MEGA;
    int rounds = Math.max(1, (int) (TRIAL_MEGABYTES / threads / megabytes));
    trial(planted, threads, rounds);
    var rates = new double[TRIALS];
    for (int i = 0; i < TRIALS; i++) {
      rates[i] = threads * rounds * megabytes / trial(planted, threads, rounds);
    }
    Arrays.sort(rates);
    return rates[TRIALS / 2];
  }

  /** Seconds; every thread signs all rows so many times. */
  private static double trial(Planted planted, int threads, int rounds)
      throws InterruptedException {
    List<Thread> running = new ArrayList<>();
    long start = System.nanoTime();
    for (int i = 0; i < threads; i++) {
      running.add(Thread.ofPlatform().start(() -> sign(planted, rounds)));
    }
    for (var thread : running) {
      thread.join();
    }
    return (System.nanoTime() - start) / NANOS;
  }

  private static void sign(Planted planted, int rounds) {
    int sum = 0;
    for (int round = 0; round < rounds; round++) {
      sum += NearDuplicates.signatures(planted.rows())[round];
    }
    if (sum == 42) { // so that nothing of it can be left out
      System.err.println("the sum of all keys is " + sum);
    }
  }
}
