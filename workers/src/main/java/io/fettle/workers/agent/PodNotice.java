package io.fettle.workers.agent;

import io.fettle.activities.capacity.signal.PreemptionSignal;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.context.SmartLifecycle;

/**
 * In a pod the notice is the agent's own SIGTERM, and what runs in the pod dies with the agent: so
 * the process stays until its trainers have ended, or the grace period has. First of all phases to
 * stop.
 */
final class PodNotice implements PreemptionSignal, SmartLifecycle {
  private static final Logger log = LoggerFactory.getLogger(PodNotice.class);
  private static final Duration WAIT = Duration.ofSeconds(10);
  private static final Duration LOOK = Duration.ofMillis(100);

  private final Duration grace;
  private final BooleanSupplier idle;
  private final CountDownLatch told = new CountDownLatch(1);
  private volatile boolean running;
  private volatile long endNanos;

  /**
   * @param grace the pod's {@code terminationGracePeriodSeconds}
   * @param idle whether no trainer runs
   */
  PodNotice(Duration grace, BooleanSupplier idle) {
    this.grace = grace;
    this.idle = idle;
  }

  @Override
  public Sign look() throws InterruptedException {
    return told.await(WAIT.toMillis(), TimeUnit.MILLISECONDS)
        ? new Sign.Leave("its pod is told to end", left())
        : new Sign.Quiet();
  }

  @Override
  public Duration pause() {
    return LOOK;
  }

  private Duration left() {
    return Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }

  @Override
  public void start() {
    running = true;
  }

  @Override
  public boolean isRunning() {
    return running;
  }

  @Override
  public void stop() {
    endNanos = System.nanoTime() + grace.toNanos();
    told.countDown();
    try {
      while (!idle.getAsBoolean() && left().isPositive()) {
        Thread.sleep(LOOK);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.info("the pod ends, {} s before its time", left().toSeconds());
    running = false;
  }
}
