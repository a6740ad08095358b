package io.fettle.benchmarks.failures;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;

/** Several trains at a time, each with faults of its own. */
final class Lanes {
  private final List<Callable<Void>> lanes = new ArrayList<>();

  interface Lane {
    void run() throws Exception;
  }

  void add(Lane lane) {
    lanes.add(
        () -> {
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
