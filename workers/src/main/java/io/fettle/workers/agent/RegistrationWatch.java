package io.fettle.workers.agent;

import io.fettle.activities.capacity.elastic.Booked.Registration;
import java.io.IOException;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Says again and again that this machine is one of its pool: whoever removes its mark by hand, or
 * with a bucket's old objects, does so for a moment. A machine that takes no claim, since it leaves
 * or saves what a reboot left, and one whose agent is told to stop take the mark back: no run waits
 * for them, and none takes a new boot for the end of what is still being saved.
 */
final class RegistrationWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(RegistrationWatch.class);

  private final Registration registration;
  private final Duration heartbeat;
  private final BooleanSupplier unavailable;
  private final Thread thread;
  private boolean over; // guarded by this

  /**
   * @param unavailable whether it takes no claim now
   */
  RegistrationWatch(Registration registration, Duration heartbeat, BooleanSupplier unavailable) {
    this.registration = registration;
    this.heartbeat = heartbeat;
    this.unavailable = unavailable;
    this.thread = Thread.ofPlatform().daemon().name("registration").unstarted(this::watch);
  }

  /** Once it returns, no mark of an earlier boot is left. */
  void start() throws IOException {
    say();
    thread.start();
  }

  private void watch() {
    try {
      while (true) {
        Thread.sleep(heartbeat);
        look();
      }
    } catch (InterruptedException e) {
      LOG.debug("no longer registering this machine");
    }
  }

  /** Under the lock, so that no mark is put after the last one was taken back. */
  synchronized void look() {
    if (over) {
      return;
    }
    try {
      say();
    } catch (IOException | RuntimeException e) { // said again at the next look
      LOG.warn("the store does not take this machine's registration: {}", e.toString());
    }
  }

  private void say() throws IOException {
    if (unavailable.getAsBoolean()) {
      registration.leave();
    } else {
      registration.register();
    }
  }

  @Override
  public synchronized void close() {
    over = true;
    thread.interrupt();
    try {
      registration.leave();
    } catch (IOException | RuntimeException e) {
      LOG.warn("this machine stays registered though its agent stops: {}", e.toString());
    }
  }
}
