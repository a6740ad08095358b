package io.fettle.activities.store.bucket;

import java.util.concurrent.locks.LockSupport;

/** Lets no more bytes pass in a second than are allowed, over all threads that ask. */
public final class Pace {
  private static final long SECOND = 1_000_000_000;

  private final long bytesPerSecond;
  private long free = System.nanoTime(); // guarded by this: when the next byte may pass

  /**
   * @param bytesPerSecond 0: no limit
   */
  public Pace(long bytesPerSecond) {
    this.bytesPerSecond = bytesPerSecond;
  }

  /** Waits until so many more bytes may pass. */
  public void take(long bytes) {
    if (bytesPerSecond == 0) {
      return;
    }
    long at = reserve(bytes);
    for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
      LockSupport.parkNanos(left);
      if (Thread.currentThread().isInterrupted()) {
        return; // whoever asked sees it at the next read
      }
    }
  }

  private synchronized long reserve(long bytes) {
    long from = Math.max(free, System.nanoTime());
    free = from + Math.round((double) bytes / bytesPerSecond * SECOND);
    return from;
  }
}
