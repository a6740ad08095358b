package io.fettle.activities.store.bucket;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.Semaphore;

/** So many bytes of small objects may be held at a time; whoever wants more waits. */
final class Memory {
  private static final int UNIT = 1 << 10;

  private final int units;
  private final Semaphore left;

  Memory(long bytes) {
    this.units = Math.toIntExact(bytes / UNIT);
    this.left = new Semaphore(units, true);
  }

  private int units(long bytes) {
    return (int) Math.min(units, bytes / UNIT + 1);
  }

  interface Use<T> {
    T run() throws IOException;
  }

  /** Runs it once so much is free. */
  <T> T held(long bytes, Use<T> use) throws IOException {
    try {
      left.acquire(units(bytes));
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    }
    try {
      return use.run();
    } finally {
      left.release(units(bytes));
    }
  }
}
