package io.fettle.data.quality;

import io.fettle.data.row.Row;
import java.io.IOException;
import java.util.HashSet;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * Questions to a judge that are under way: so many at once. A row without a score is counted, until
 * they are so many that the judge is none.
 */
final class Asking implements AutoCloseable {
  /** Before that nothing is said of the judge. */
  private static final int FEW_MISSES = 20;

  /** One row in so many may be left without a score. */
  private static final int ROWS_A_MISS = 5;

  private final Judge judge;
  private final int concurrency;
  private final Keeper keeper;
  private final Semaphore free;
  private final ExecutorService workers;
  private final Set<String> asked = new HashSet<>();
  private final AtomicLong scored = new AtomicLong();
  private final AtomicLong withoutScore = new AtomicLong();
  private final AtomicLong failed = new AtomicLong();
  private final AtomicReference<@Nullable Exception> failure = new AtomicReference<>();
  private volatile String lastFailure = "";
  private final AtomicLong had = new AtomicLong();

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
    had.incrementAndGet();
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
    acquire(1);
    stopIfFailed();
    workers.execute(() -> answer(hash, row));
    return true;
  }

  private void answer(String hash, Row row) {
    try {
      var score = score(row);
      if (score.isPresent()) {
        keeper.keep(hash, score.getAsDouble());
        scored.incrementAndGet();
      } else {
        stopIfTooMany();
      }
    } catch (IOException | InterruptedException | RuntimeException broken) {
      failure.compareAndSet(null, broken);
    } finally {
      free.release();
    }
  }

  /** Empty, and counted, where there is none. */
  private OptionalDouble score(Row row) throws IOException, InterruptedException {
    try {
      var score = judge.score(row);
      if (score.isEmpty()) {
        withoutScore.incrementAndGet();
      }
      return score;
    } catch (Judge.Unusable nobody) {
      throw nobody;
    } catch (IOException broken) {
      failed.incrementAndGet();
      lastFailure = " (" + broken.getMessage() + ")";
      return OptionalDouble.empty();
    }
  }

  private long misses() {
    return withoutScore.get() + failed.get();
  }

  private void stopIfTooMany() throws IOException {
    long misses = misses();
    if (misses >= FEW_MISSES && misses * ROWS_A_MISS > had.get() + scored.get() + misses) {
      throw tooMany();
    }
  }

  private IOException tooMany() {
    return new IOException(
        "the judge gave no score for %d of the first %d rows: %d answers were none, %d times it could not be asked%s; look at the judge and its rubric, then run again: scores so far are kept"
            .formatted(
                misses(),
                had.get() + scored.get() + misses(),
                withoutScore.get(),
                failed.get(),
                lastFailure));
  }

  private void acquire(int places) throws InterruptedException {
    try {
      free.acquire(places);
    } catch (InterruptedException stopping) {
      workers.shutdownNow(); // nobody waits for what is under way
      throw stopping;
    }
  }

  private void stopIfFailed() throws IOException, InterruptedException {
    switch (failure.get()) {
      case null -> {}
      case Judge.Unusable nobody -> throw nobody;
      case IOException broken -> throw new IOException(broken.getMessage(), broken);
      case InterruptedException interrupted -> throw interrupted;
      case RuntimeException broken -> throw broken;
      case Exception other -> throw new IllegalStateException("cannot be thrown", other);
    }
  }

  Scores.Scored end() throws IOException, InterruptedException {
    acquire(concurrency);
    stopIfFailed();
    if (misses() > 0 && had.get() + scored.get() == 0) {
      throw tooMany();
    }
    return new Scores.Scored(had.get(), scored.get(), withoutScore.get(), failed.get());
  }

  /** Waits for what is under way, which may be paid for; not where this thread is interrupted. */
  @Override
  public void close() {
    workers.close();
  }
}
