package io.fettle.activities.store.bucket;

import java.io.IOException;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;
import org.jspecify.annotations.Nullable;

/**
 * Memory of a store's reads: so many buffers, made when they are first needed. Whoever finds none
 * waits, so that it also bounds what is under way.
 */
final class Buffers {
  /** What a processor's cache holds while it is summed and written. */
  static final int PIECE = 1 << 18;

  private final Semaphore left;
  private final int bytes;
  private final ConcurrentLinkedQueue<byte[]> idle = new ConcurrentLinkedQueue<>();

  Buffers(int count, int bytes) {
    this.left = new Semaphore(count, true);
    this.bytes = bytes;
  }

  interface Use {
    void with(byte[] buffer) throws IOException;
  }

  void lend(Use use) throws IOException, InterruptedException {
    var buffer = take();
    try {
      use.with(buffer);
    } finally {
      give(buffer);
    }
  }

  /** To be given back. */
  byte[] take() throws InterruptedException {
    left.acquire();
    return idleOrNew();
  }

  /** The same at once, or null. */
  byte @Nullable [] takeNow() {
    return left.tryAcquire() ? idleOrNew() : null;
  }

  private byte[] idleOrNew() {
    var buffer = idle.poll();
    return buffer == null ? new byte[bytes] : buffer;
  }

  void give(byte[] buffer) {
    idle.add(buffer);
    left.release();
  }
}
