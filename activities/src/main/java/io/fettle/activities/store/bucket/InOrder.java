package io.fettle.activities.store.bucket;

import io.fettle.activities.store.bucket.Bucket.Reading;
import io.fettle.activities.store.bucket.Bucket.Sum;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Sums objects from their first byte to their last while several ranges of them are on their way.
 * Nothing touches a disk.
 */
final class InOrder {
  /** Ranges that are held, over all objects of a store. */
  private static final int AHEAD = 4;

  private final int rangeBytes;
  private final Buffers ranges;
  private final Buffers pieces;
  private final Pace pace;

  InOrder(int rangeBytes, Buffers pieces, Pace pace) {
    this.rangeBytes = rangeBytes;
    this.ranges = new Buffers(AHEAD, rangeBytes);
    this.pieces = pieces;
    this.pace = pace;
  }

  /** A range that comes, or has come. */
  private static final class Range {
    private final byte[] buffer;
    private final int bytes;
    private final Future<?> come;

    Range(byte[] buffer, int bytes, Future<?> come) {
      this.buffer = buffer;
      this.bytes = bytes;
      this.come = come;
    }
  }

  Sum sum(Steady object, Sum.Algorithm algorithm) throws IOException, InterruptedException {
    var summing = Summing.of(algorithm);
    Queue<Range> ahead = new ArrayDeque<>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      try {
        long asked = 0;
        while (asked < object.bytes() || !ahead.isEmpty()) {
          asked = ask(object, asked, ahead, threads);
          take(ahead, summing);
        }
      } finally {
        threads.shutdownNow();
      }
    } finally {
      ahead.forEach(range -> ranges.give(range.buffer));
    }
    return new Sum(algorithm, summing.hex());
  }

  /** As much as there is room for, and one range whatever happens. */
  private long ask(Steady object, long from, Queue<Range> ahead, ExecutorService threads)
      throws InterruptedException {
    long asked = from;
    while (asked < object.bytes()) {
      var buffer = ahead.isEmpty() ? ranges.take() : ranges.takeNow();
      if (buffer == null) {
        break;
      }
      long at = asked;
      int bytes = (int) Math.min(rangeBytes, object.bytes() - at);
      ahead.add(new Range(buffer, bytes, threads.submit(() -> fill(object, at, buffer, bytes))));
      asked += bytes;
    }
    return asked;
  }

  private Void fill(Steady object, long from, byte[] buffer, int bytes)
      throws IOException, InterruptedException {
    pace.take(bytes);
    var into = ByteBuffer.wrap(buffer, 0, bytes);
    pieces.lend(
        piece -> object.read(new Reading(from, bytes, piece, (come, n) -> into.put(come, 0, n))));
    return null;
  }

  private void take(Queue<Range> ahead, Summing summing) throws IOException, InterruptedException {
    var range = ahead.element();
    try {
      range.come.get();
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case IOException failure -> throw failure;
        case RuntimeException failure -> throw failure;
        case null, default -> throw new IOException(e);
      }
    }
    summing.update(ByteBuffer.wrap(range.buffer, 0, range.bytes));
    ranges.give(ahead.remove().buffer);
  }
}
