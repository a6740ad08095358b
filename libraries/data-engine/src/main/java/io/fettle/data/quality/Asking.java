package io.fettle.data.quality;

import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Questions to a judge that are under way: so many at once, none after the first failure. */
final class Asking implements AutoCloseable {
  private final Judge judge;
  private final int concurrency;
  private final Keeper keeper;
  private final Semaphore free;
  private final ExecutorService workers;
  private final Set<String> asked = new HashSet<>();
  private final AtomicLong scored = new AtomicLong();
  private final AtomicLong withoutScore = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private long had;

  interface Keeper {
    void keep(String hash, double score) throws IOException;
  }

  Asking(Judge judge, int concurrency, Keeper keeper) {
    this.judge = judge;
    this.concurrency = concurrency;
    this.keeper = keeper;
    free = new Semaphore(concurrency);
    workers = Executors.newVirtualThreadPerTaskExecutor();
  }

  void had() {
    had++;
  }

  /**
   * Asks once a place is free.
   *
   * @return false where that was asked before
   */
  boolean ask(String hash, Row row) throws IOException, InterruptedException {
    if (!asked.add(hash)) {
      return false;
    }
    free.acquire();
    stopIfFailed();
    workers.execute(() -> answer(hash, row));
    return true;
  }

  private void answer(String hash, Row row) {
    try {
      var score = judge.score(row);
      if (score.isPresent()) {
        keeper.keep(hash, score.getAsDouble());
        scored.incrementAndGet();
      } else {
        withoutScore.incrementAndGet();
      }
    } catch (IOException | InterruptedException | RuntimeException broken) {
      failure.compareAndSet(null, broken);
    } finally {
      free.release();
    }
  }

  private void stopIfFailed() throws IOException, InterruptedException {
    switch (failure.get()) {
      case null -> {}
      case IOException broken -> throw new IOException(broken.getMessage(), broken);
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException broken -> throw broken;
      case Exception other -> throw new IllegalStateException("cannot be thrown", other);
    }
  }

  Scores.Scored end() throws IOException, InterruptedException {
    free.acquire(concurrency);
    stopIfFailed();
    return new Scores.Scored(had, scored.get(), withoutScore.get());
  }

  /** Waits for what is under way, which may be paid for; not where this thread is interrupted. */
  @Override
  public void close() {
    workers.close();
  }
}
