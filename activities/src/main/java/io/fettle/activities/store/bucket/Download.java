package io.fettle.activities.store.bucket;

import io.fettle.activities.store.Stores.Transfer;
import io.fettle.activities.store.bucket.Bucket.Described;
import io.fettle.activities.store.bucket.Bucket.Reading;
import io.fettle.activities.store.bucket.Bucket.Sum;
import io.fettle.activities.store.bucket.Fetching.Order;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Fetches one large object in parts, several at once, hashes it in order while the parts come, and
 * goes on where an earlier process was killed.
 */
final class Download {
  /** Of a part whose bytes have another sum. */
  private static final int ATTEMPTS = 3;

  private final Bucket bucket;
  private final Transfer transfer;
  private final Buffers buffers;
  private final Pace pace;

  Download(Bucket bucket, Transfer transfer, Buffers buffers, Pace pace) {
    this.bucket = bucket;
    this.transfer = transfer;
    this.buffers = buffers;
    this.pace = pace;
  }

  /** Another hash than the one that was asked for. */
  static final class OtherHash extends Exception {
    private static final long serialVersionUID = 1;
    private final String actual;

    OtherHash(String actual) {
      super(actual);
      this.actual = actual;
    }

    String actual() {
      return actual;
    }
  }

  /**
   * What must come.
   *
   * @param sum of all; empty: not known
   * @param crc32c of each part; none: not known
   */
  record Wanted(Optional<Sum> sum, List<String> crc32c) {}

  /**
   * Brings the parts that are not there yet, and puts the file in its place.
   *
   * @throws OtherHash if it has another; the target is as it was, and nothing is kept
   */
  void run(Order order, Described is, Wanted wanted, PartFile file) throws IOException, OtherHash {
    var parts =
        new Parts(order, new Steady(bucket, order.name(), is), wanted, file, new Arrivals(file));
    try (var workers = Executors.newVirtualThreadPerTaskExecutor()) {
      var threads = new ArrayList<Future<?>>();
      for (int i = 0; i < Math.min(transfer.streams(), file.count()); i++) {
        threads.add(workers.submit(() -> fetch(parts)));
      }
      try {
        verify(parts);
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
        throw new InterruptedIOException("the download of " + order.name() + " was stopped");
      } finally {
        threads.forEach(thread -> thread.cancel(true));
      }
    } catch (OtherHash damaged) {
      file.discard();
      throw damaged;
    }
    file.finish(order.target());
  }

  private static void verify(Parts parts) throws IOException, OtherHash, InterruptedException {
    if (parts.wanted.sum().isEmpty()) {
      parts.arrivals.awaitAll();
      return;
    }
    var wanted = parts.wanted.sum().get();
    var actual = parts.arrivals.sum(wanted.algorithm());
    if (!actual.equals(wanted)) {
      throw new OtherHash(actual.toString());
    }
  }

  /** One download's, shared by its threads. */
  private record Parts(
      Order order,
      Steady object,
      Wanted wanted,
      PartFile file,
      Arrivals arrivals,
      AtomicInteger next) {
    Parts(Order order, Steady object, Wanted wanted, PartFile file, Arrivals arrivals) {
      this(order, object, wanted, file, arrivals, new AtomicInteger());
    }
  }

  private void fetch(Parts parts) {
    boolean isHeard = false;
    try {
      for (int part = parts.next.getAndIncrement();
          part < parts.file.count();
          part = parts.next.getAndIncrement()) {
        if (!parts.file.isThere(part)) {
          fetch(parts, part);
        }
        parts.order.arrived().accept(parts.file.length(part));
        parts.arrivals.signal();
      }
      isHeard = true;
    } catch (IOException | OtherHash | RuntimeException failure) {
      parts.arrivals.fail(failure);
      isHeard = true;
    } catch (InterruptedException stopped) {
      Thread.currentThread().interrupt();
    } finally {
      if (!isHeard) {
        parts.arrivals.fail(new IOException("a transfer ended before its time"));
      }
    }
  }

  private void fetch(Parts parts, int part) throws IOException, OtherHash, InterruptedException {
    var wanted = parts.wanted.crc32c().isEmpty() ? "" : parts.wanted.crc32c().get(part);
    for (int attempt = 1; attempt <= ATTEMPTS; attempt++) {
      if (isFetched(parts, part, wanted)) {
        return;
      }
    }
    throw new OtherHash("other bytes (chunk %d)".formatted(part));
  }

  /** False where the bytes have another sum: perhaps they changed on their way. */
  private boolean isFetched(Parts parts, int part, String wanted)
      throws IOException, InterruptedException {
    var file = parts.file;
    var incoming = file.incoming(part);
    buffers.lend(
        buffer -> {
          pace.take(file.length(part));
          parts.object.read(new Reading(file.offset(part), file.length(part), buffer, incoming));
        });
    return incoming.isKept(wanted);
  }

  /** Tells the thread that hashes of parts that have come, and of what went wrong. */
  private static final class Arrivals {
    private final PartFile file;
    private @Nullable Throwable failure; // guarded by this

    Arrivals(PartFile file) {
      this.file = file;
    }

    synchronized void signal() {
      notifyAll();
    }

    synchronized void fail(Throwable why) {
      failure = failure == null ? why : failure;
      notifyAll();
    }

    private synchronized void await(int part) throws IOException, OtherHash, InterruptedException {
      while (!file.isThere(part)) {
        switch (failure) {
          case null -> wait();
          case IOException io -> throw io;
          case OtherHash damaged -> throw damaged;
          case RuntimeException broken -> throw broken;
          default -> throw new IOException(failure);
        }
      }
    }

    void awaitAll() throws IOException, OtherHash, InterruptedException {
      for (int part = 0; part < file.count(); part++) {
        await(part);
      }
    }

    Sum sum(Sum.Algorithm algorithm) throws IOException, OtherHash, InterruptedException {
      var summing = Summing.of(algorithm);
      var buffer = ByteBuffer.allocate(Buffers.PIECE);
      for (int part = 0; part < file.count(); part++) {
        await(part);
        long end = file.offset(part) + file.length(part);
        for (long at = file.offset(part); at < end; at += buffer.limit()) {
          buffer.clear().limit((int) Math.min(Buffers.PIECE, end - at));
          file.read(at, buffer);
          summing.update(buffer.flip());
        }
      }
      return new Sum(algorithm, summing.hex());
    }
  }
}
