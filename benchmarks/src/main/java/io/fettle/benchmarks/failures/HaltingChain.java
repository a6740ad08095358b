package io.fettle.benchmarks.failures;

import java.io.IOException;
import java.util.HashSet;
import java.util.Set;

/**
 * The sharpest moment: whichever process puts a step's record dies right then, before the step's
 * activity can complete.
 */
final class HaltingChain implements AutoCloseable {
  private final Chain chain;
  private final String pattern;
  private final Set<Long> told = new HashSet<>();
  private final Thread thread;

  /**
   * @param kinds of steps, as an alternative of a regular expression
   */
  HaltingChain(Chain chain, String kinds) {
    this.chain = chain;
    this.pattern = "steps/(" + kinds + ")/[0-9a-f]{64}\\.json$";
    thread = Thread.ofVirtual().name("halting-chain").start(this::keepTelling);
  }

  private void keepTelling() {
    try {
      while (true) {
        tell();
        Thread.sleep(20);
      }
    } catch (InterruptedException ending) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      throw new IllegalStateException("the benchmark cannot set its faults", e);
    }
  }

  /** Every process dies once: the one after it has a pid of its own. */
  private void tell() throws IOException {
    for (var pid : chain.started()) {
      if (told.add(pid)) {
        chain.haltAfter(pid, pattern);
      }
    }
  }

  @Override
  public void close() {
    thread.interrupt();
  }
}
