package io.fettle.activities.steps;

import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.client.ActivityCompletionException;
import java.io.InterruptedIOException;
import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Heartbeats from a thread of its own, with whatever progress was last told: some stages say
 * nothing for long. A cancel that a heartbeat brings back interrupts the working thread.
 */
public final class Beat implements AutoCloseable {
  private static final Duration USUAL = Duration.ofSeconds(2);

  /** Of a heartbeat timeout, where that is shorter: three beats may be lost. */
  private static final int BEATS_A_TIMEOUT = 4;

  /**
   * Heartbeat details: what an operator sees under the pending activity.
   *
   * @param total 0: not known
   */
  public record Progress(String phase, long done, long total, String unit) {}

  private final @Nullable ActivityExecutionContext context; // null: nobody listens
  private final Thread worker = Thread.currentThread();
  private final ScheduledExecutorService timer =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().daemon().name("step-beat").factory());
  private volatile @Nullable ActivityCompletionException ended;
  private volatile Progress latest = new Progress("start", 0, 0, "rows");

  private Beat(@Nullable ActivityExecutionContext context) {
    this.context = context;
    if (context != null) {
      long pause = pause(context.getInfo().getHeartbeatTimeout()).toMillis();
      var _ = timer.scheduleWithFixedDelay(this::beat, 0, pause, TimeUnit.MILLISECONDS);
    }
  }

  /** For the same work without an activity around it: nobody hears it, and nothing cancels it. */
  public static Beat unheard() {
    return new Beat(null);
  }

  private static Duration pause(Duration timeout) {
    Duration share = timeout.dividedBy(BEATS_A_TIMEOUT);
    return share.isPositive() && share.compareTo(USUAL) < 0 ? share : USUAL;
  }

  /** What an activity does while its heart beats. */
  @FunctionalInterface
  public interface Work<T> {
    T run(Beat beat) throws Exception;
  }

  /**
   * Does the work of the activity that this thread runs. What it throws reaches the workflow as it
   * is, where that can be; an interrupt becomes the cancel behind it.
   */
  public static <T> T during(Work<T> work) {
    try (Beat beat = new Beat(Activity.getExecutionContext())) {
      try {
        return work.run(beat);
      } catch (InterruptedException stopping) {
        throw beat.because(stopping);
      } catch (InterruptedIOException failure) { // a read that timed out is one too
        throw Thread.interrupted()
            ? beat.because(new InterruptedException(failure.getMessage()))
            : Activity.wrap(failure);
      } catch (Exception failure) { // the step cache declares no narrower one
        throw Activity.wrap(failure);
      }
    }
  }

  /** Work on rows has moved on. */
  public void says(String phase, long done) {
    says(phase, done, "rows");
  }

  /** Work has moved on; {@code unit} is what {@code done} counts. */
  public void says(String phase, long done, String unit) {
    says(phase, done, 0, unit);
  }

  /** The same, of so many in all. */
  public void says(String phase, long done, long total, String unit) {
    latest = new Progress(phase, done, total, unit);
  }

  /** The cancel behind an interrupt of the working thread, if there is one. */
  private RuntimeException because(InterruptedException interrupt) {
    ActivityCompletionException cancel = ended;
    return cancel != null ? cancel : Activity.wrap(interrupt);
  }

  private void beat() {
    try {
      if (context != null) {
        context.heartbeat(latest);
      }
    } catch (ActivityCompletionException e) {
      end(e);
    }
  }

  private synchronized void end(ActivityCompletionException cancel) {
    if (!timer.isShutdown()) { // after the close the thread is somebody else's
      ended = cancel;
      timer.shutdown();
      worker.interrupt();
    }
  }

  @Override
  public synchronized void close() {
    timer.shutdown();
  }
}
