package io.fettle.activities.store.bucket;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Semaphore;

/**
 * The memory of a store's transfers: so many buffers of one part each, made when they are first
 * needed. Whoever finds none waits, so that it also bounds what is under way.
 */
final class Buffers {
  private final Semaphore left;
  private final int bytes;
  private final ConcurrentLinkedQueue<ByteBuffer> idle = new ConcurrentLinkedQueue<>();

  Buffers(int count, int bytes) {
    this.left = new Semaphore(count, true);
    this.bytes = bytes;
  }

  interface Use {
    void with(ByteBuffer buffer) throws IOException;
  }

  /** Lends a buffer, empty and of one part's length. */
  void lend(Use use) throws IOException, InterruptedException {
    left.acquire();
    var buffer = idle.poll();
    try {
      if (buffer == null) {
        buffer = ByteBuffer.allocate(bytes);
      }
      use.with(buffer.clear());
    } finally {
      if (buffer != null) {
        idle.add(buffer);
      }
      left.release();
    }
  }
}
