package io.fettle.benchmarks.failures;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Several trains at a time, each with faults of its own. They start one after another: a machine
 * that loads ten of them at once is a fault of another kind.
 */
final class Lanes {
  private static final Logger LOG = LoggerFactory.getLogger(Lanes.class);
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

  /**
   * Runs them all to their ends.
   *
   * @return why a lane broke, a line a lane: what it should have shown is missing
   */
  List<String> run() throws InterruptedException {
    var broken = new ArrayList<String>();
    try (var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      for (var lane : threads.invokeAll(lanes)) {
        try {
          lane.get();
        } catch (ExecutionException why) {
          LOG.error("a lane broke", why.getCause());
          broken.add(String.valueOf(why.getCause()));
        }
      }
    }
    return broken;
  }
}
