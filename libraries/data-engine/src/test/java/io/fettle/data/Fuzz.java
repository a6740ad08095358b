package io.fettle.data;

import java.lang.StackWalker.StackFrame;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.random.RandomGenerator;

/**
 * Tries a property with one seed after another: in a build always the same few, and with {@code
 * -Dfettle.fuzz.seconds=N} new ones for so long. {@code -Dfettle.fuzz.seed=N} tries one again.
 */
public final class Fuzz {
  private static final long SECONDS = Long.getLong("fettle.fuzz.seconds", 0);
  private static final long ONE_SEED = Long.getLong("fettle.fuzz.seed", -1);

  /** Far above what any input of these takes on a busy machine. */
  private static final Duration TOO_LONG = Duration.ofSeconds(60);

  private Fuzz() {}

  /** What must hold, whatever comes. */
  @FunctionalInterface
  public interface Property {
    void holds(RandomGenerator random) throws Exception;
  }

  /**
   * Tries the caller's property.
   *
   * @param tries in a build
   */
  public static void tries(int tries, Property property) {
    if (ONE_SEED >= 0) {
      holds(property, ONE_SEED);
      return;
    }
    if (SECONDS > 0) {
      long from = System.currentTimeMillis() << 20; // no seed of another run
      long count = count(property, from);
      System.out.printf(
          "fuzz %s: %,d tries in %d s, seeds from %d%n", caller(), count, SECONDS, from);
      return;
    }
    for (long seed = 0; seed < tries; seed++) {
      holds(property, seed);
    }
  }

  private static long count(Property property, long from) {
    long end = System.nanoTime() + Duration.ofSeconds(SECONDS).toNanos();
    long count = 0;
    while (System.nanoTime() < end) {
      holds(property, from + count++);
    }
    return count;
  }

  private static void holds(Property property, long seed) {
    long start = System.nanoTime();
    try {
      property.holds(new SplittableRandom(seed));
    } catch (Exception | Error e) {
      throw new AssertionError("seed %d: %s".formatted(seed, e), e);
    }
    if (System.nanoTime() - start > TOO_LONG.toNanos()) {
      throw new AssertionError("seed %d takes longer than %s".formatted(seed, TOO_LONG));
    }
  }

  private static String caller() {
    return StackWalker.getInstance()
        .walk(frames -> frames.filter(Fuzz::isOfTest).findFirst().map(Fuzz::told).orElse("?"));
  }

  private static boolean isOfTest(StackFrame frame) {
    return frame.getClassName().endsWith("Test");
  }

  private static String told(StackFrame frame) {
    return frame.getClassName().replaceFirst(".*\\.", "") + "." + frame.getMethodName();
  }
}
