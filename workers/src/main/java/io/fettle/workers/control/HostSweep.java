package io.fettle.workers.control;

import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Capacity.Watch;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has every pool take back, again and again, what runs that are over left behind, and stops runs
 * that reach what they may cost. Each of these looks has a thread of its own: a provider that is
 * slow, or runs that do not answer, must not keep another pool's hosts from being renewed. Any
 * number of control workers may do it at once.
 */
final class HostSweep implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(HostSweep.class);

  private final Duration pause;
  private final List<Thread> threads = new ArrayList<>();

  /** One of the things that are looked at again and again. */
  private interface Look {
    void look() throws IOException;
  }

  HostSweep(List<Pool> pools, Runs runs, Watch budgets, Duration pause) {
    this.pause = pause;
    for (var pool : pools) {
      threads.add(
          thread(
              "sweep " + pool.name(),
              () -> {
                for (var line : pool.sweep(runs, Instant.now())) {
                  LOG.info("pool {} took back {}", pool.name(), line);
                }
              }));
    }
    threads.add(thread("budgets", () -> budgets.look().forEach(LOG::info)));
  }

  private Thread thread(String name, Look look) {
    return Thread.ofPlatform().daemon().name(name).unstarted(() -> onAndOn(name, look));
  }

  void start() {
    threads.forEach(Thread::start);
  }

  @Override
  public void close() {
    threads.forEach(Thread::interrupt);
  }

  private void onAndOn(String name, Look look) {
    while (true) {
      try {
        Thread.sleep(pause);
        look.look();
      } catch (InterruptedException e) {
        return;
      } catch (IOException | RuntimeException e) { // tried again at the next look
        LOG.warn("{} failed: {}", name, e.toString());
      }
    }
  }
}
