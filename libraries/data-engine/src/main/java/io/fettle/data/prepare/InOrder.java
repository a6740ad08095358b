package io.fettle.data.prepare;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/**
 * Does work on several threads and hands the results over on the caller's, in the order in which
 * the work was given: what comes out is the same for any number of threads. For one caller.
 */
final class InOrder<T> implements AutoCloseable {
  /** Results that wait for an earlier one, in each thread's name. */
  private static final int WAITING = 3;

  private final ExecutorService workers;
  private final Deque<Future<T>> window = new ArrayDeque<>();
  private final int most;
  private final Sink<T> sink;

  InOrder(int threads, Sink<T> sink) {
    this.workers = Executors.newFixedThreadPool(threads, Thread.ofPlatform().daemon().factory());
    this.most = WAITING * threads;
    this.sink = sink;
  }

  /** Takes results. */
  @FunctionalInterface
  interface Sink<T> {
    void take(T result) throws IOException;
  }

  /** Gives work; waits while too much of it is under way. */
  void add(Callable<T> work) throws IOException {
    while (window.size() >= most || (!window.isEmpty() && window.getFirst().isDone())) {
      take();
    }
    window.addLast(workers.submit(work));
  }

  /** Waits for the rest. */
  void finish() throws IOException {
    while (!window.isEmpty()) {
      take();
    }
  }

  private void take() throws IOException {
    T result;
    try {
      result = window.removeFirst().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted while rows were read");
    } catch (ExecutionException e) {
      throw unwrapped(e.getCause());
    }
    sink.take(result);
  }

  private static IOException unwrapped(@Nullable Throwable cause) {
    return switch (cause) {
      case IOException e -> e;
      case RuntimeException e -> throw e;
      case Error e -> throw e;
      case null, default -> new IOException(cause);
    };
  }

  @Override
  public void close() {
    workers.shutdownNow();
  }
}
