package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Watch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every pool take back, again and again, what runs that are over left behind, and stops runs
 * that reach what they may cost. Any number of control workers may do it at once.
 */
final class HostSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostSweep.class);

  private final List<Pool> pools;
  private final Runs runs;
  private final Watch budgets;
  private final Duration pause;
  private final Thread thread;

  HostSweep(List<Pool> pools, Runs runs, Watch budgets, Duration pause) {
    this.pools = List.copyOf(pools);
    this.runs = runs;
    this.budgets = budgets;
    this.pause = pause;
    this.thread = Thread.ofPlatform().daemon().name("host-sweep").unstarted(this::sweepOnAndOn);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void sweepOnAndOn() {
    while (true) {
      try {
        Thread.sleep(pause);
      } catch (InterruptedException e) {
        return;
      }
      pools.forEach(this::sweep);
      watchBudgets();
    }
  }

  private void watchBudgets() {
    try {
      budgets.look().forEach(LOG::info);
    } catch (IOException | RuntimeException e) { // tried again at the next look
      LOG.warn("budgets cannot be looked at: {}", e.toString());
    }
  }

  private void sweep(Pool pool) {
    try {
      for (var line : pool.sweep(runs, Instant.now())) {
        LOG.info("pool {} took back {}", pool.name(), line);
      }
    } catch (IOException | RuntimeException e) { // tried again at the next look
      LOG.warn("pool {} cannot be swept: {}", pool.name(), e.toString());
    }
  }
}
