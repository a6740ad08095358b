package io.fettle.activities.parallel;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.List;
import java.util.concurrent.CompletionService;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorCompletionService;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;

/** The same work on many things, some of them at a time; the first failure ends all. */
public final class AtOnce {
  /** A store far away answers each small file late, however fast it is. */
  private static final int USUAL = 32;

  private AtOnce() {}

  /** What is done with each. */
  public interface Work<T> {
    void on(T item) throws IOException;
  }

  /** Does it with all of them, some tens at a time. */
  public static <T> void each(List<T> items, Work<T> work) throws IOException {
    each(items, USUAL, work);
  }

  /**
   * Does it with all of them.
   *
   * @param most at a time
   * @throws InterruptedIOException if the thread is interrupted; what is under way is too
   */
  public static <T> void each(List<T> items, int most, Work<T> work) throws IOException {
    if (items.size() == 1) {
      work.on(items.getFirst());
      return;
    }
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      all(threads, items, new Semaphore(most), work);
    } catch (InterruptedException stop) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("it was stopped");
    } catch (ExecutionException e) {
      throw failure(e);
    }
  }

  private static <T> void all(ExecutorService threads, List<T> items, Semaphore room, Work<T> work)
      throws InterruptedException, ExecutionException {
    var ended = new ExecutorCompletionService<T>(threads);
    boolean isDone = false;
    try {
      int left = items.size();
      for (var item : items) {
        room.acquire();
        submit(ended, item, room, work);
        left -= drained(ended);
      }
      for (; left > 0; left--) {
        ended.take().get();
      }
      isDone = true;
    } finally {
      if (!isDone) {
        threads.shutdownNow();
      }
    }
  }

  private static <T> void submit(CompletionService<T> ended, T item, Semaphore room, Work<T> work) {
    var _ =
        ended.submit(
            () -> {
              try {
                work.on(item);
                return item;
              } finally {
                room.release();
              }
            });
  }

  /** How many have ended, without waiting. */
  private static <T> int drained(CompletionService<T> ended)
      throws InterruptedException, ExecutionException {
    int count = 0;
    for (var next = ended.poll(); next != null; next = ended.poll()) {
      next.get();
      count++;
    }
    return count;
  }

  private static IOException failure(ExecutionException e) {
    return switch (e.getCause()) {
      case IOException io -> io;
      case RuntimeException broken -> throw broken;
      case Error broken -> throw broken;
      case null, default -> new IOException(e);
    };
  }
}
