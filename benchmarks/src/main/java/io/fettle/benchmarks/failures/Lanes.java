package io.fettle.benchmarks.failures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/**
 * Several trains at a time, each with faults of its own. They start one after another: a machine
 * that loads ten of them at once is a fault of another kind.
 */
final class Lanes {
  private static final Duration BETWEEN_STARTS = Duration.ofSeconds(8);

  private final List<Callable<Void>> lanes = new ArrayList<>();

  interface Lane {
    void run() throws Exception;
  }

  void add(Lane lane) {
    var wait = BETWEEN_STARTS.multipliedBy(lanes.size());
    lanes.add(
        () -> {
          Thread.sleep(wait);
          lane.run();
          return null;
        });
  }

  /** Runs them all; the first that broke is thrown when all have ended. */
  void run() throws Exception {
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var lane : threads.invokeAll(lanes)) {
        lane.get();
      }
    } catch (ExecutionException broken) {
      throw new IllegalStateException("a lane broke: " + broken.getCause(), broken.getCause());
    }
  }
}
