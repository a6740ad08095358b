package io.fettle.workers.agent;

import io.fettle.activities.capacity.signal.PreemptionSignal;
import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.IOException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the provider, on a thread of its own, since an answer may take long. From the moment that a
 * notice is seen its window is counted on this process's own clock.
 */
final class NoticeWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(NoticeWatch.class);
  private static final Duration AFTER_A_FAILURE = Duration.ofSeconds(2);
  private static final Duration SAME_END = Duration.ofSeconds(1);

  private final PreemptionSignal signal;
  private final Listener listener;
  private final Thread thread =
      Thread.ofPlatform().daemon().name("notice-watch").unstarted(this::watch);
  private boolean leaving;
  private long endNanos;
  private boolean warned;
  private boolean silent;

  /** What follows from a sign. */
  interface Listener {
    /** The host ends after that time. Again where it became shorter. */
    void leave(String reason, Duration window);

    /** The host may be taken soon; once a process, since a provider repeats it until the end. */
    void atRisk(String reason);
  }

  NoticeWatch(PreemptionSignal signal, Listener listener) {
    this.signal = signal;
    this.listener = listener;
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    try {
      while (!Thread.currentThread().isInterrupted()) {
        Thread.sleep(look());
      }
    } catch (InterruptedException e) {
      log.debug("no longer watching for notices");
    }
  }

  /** Looks once; returns how long to wait for the next. */
  Duration look() throws InterruptedException {
    try {
      take(signal.look());
      if (silent) {
        log.info("the provider answers again");
        silent = false;
      }
      return signal.pause();
    } catch (IOException | RuntimeException e) { // no notice, and no reason to end
      if (!silent) {
        log.warn("the provider does not say whether this host stays: {}", e.toString());
        silent = true;
      }
      return AFTER_A_FAILURE;
    }
  }

  private void take(Sign sign) {
    switch (sign) {
      case Sign.Quiet _ -> {}
      case Sign.Risk(var reason) -> {
        if (!warned && !leaving) {
          warned = true;
          listener.atRisk(reason);
        }
      }
      case Sign.Leave(var reason, var window) -> {
        var end = System.nanoTime() + window.toNanos();
        if (!leaving || endNanos - end > SAME_END.toNanos()) {
          leaving = true;
          endNanos = end;
          listener.leave(reason, window);
        }
      }
    }
  }
}
