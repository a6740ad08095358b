package io.fettle.workers.agent;

import io.fettle.activities.capacity.elastic.Booked.Tenure;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.function.BooleanSupplier;
import java.util.function.IntConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Ends a machine that was launched for one acquisition: once that is over, and one lease after the
 * last sign that the control side still wants it. Before it ends, trainers save and publish.
 * Counted on this process's own clock; an agent that starts again counts anew, and a backstop of
 * the machine's own (infra/launch/boot) does not.
 */
final class TenureWatch implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(TenureWatch.class);
  private static final int LOOKS_A_LEASE = 60;
  private static final Duration LONGEST_PAUSE = Duration.ofSeconds(10);

  private final Tenure tenure;
  private final Duration lease;
  private final Duration grace;
  private final IntConsumer renewals;
  private final NoticeWatch.Listener leaving;
  private final BooleanSupplier idle;
  private final Runnable end;
  private final LongSupplier nanos;
  private final Thread thread;
  private Optional<Integer> last = Optional.empty();
  private long renewedNanos;
  private @Nullable Long leaveNanos;

  /**
   * @param grace how long trainers may take to save before the machine ends under them
   * @param renewals hears of each renewal that is seen
   * @param idle whether none runs any more
   */
  TenureWatch(
      Tenure tenure,
      Duration lease,
      Duration grace,
      IntConsumer renewals,
      NoticeWatch.Listener leaving,
      BooleanSupplier idle,
      Runnable end) {
    this(tenure, lease, grace, renewals, leaving, idle, end, System::nanoTime);
  }

  TenureWatch(
      Tenure tenure,
      Duration lease,
      Duration grace,
      IntConsumer renewals,
      NoticeWatch.Listener leaving,
      BooleanSupplier idle,
      Runnable end,
      LongSupplier nanos) {
    this.tenure = tenure;
    this.lease = lease;
    this.grace = grace;
    this.renewals = renewals;
    this.leaving = leaving;
    this.idle = idle;
    this.end = end;
    this.nanos = nanos;
    this.renewedNanos = nanos.getAsLong();
    this.thread = Thread.ofPlatform().daemon().name("tenure-watch").unstarted(this::watch);
  }

  void start() {
    thread.start();
  }

  @Override
  public void close() {
    thread.interrupt();
  }

  private void watch() {
    var pause = lease.dividedBy(LOOKS_A_LEASE);
    try {
      do {
        Thread.sleep(pause.compareTo(LONGEST_PAUSE) < 0 ? pause : LONGEST_PAUSE);
      } while (!look());
    } catch (InterruptedException e) {
      LOG.debug("no longer watching this machine's tenure");
    }
  }

  /** Looks once; true once the machine has been ended. Nothing ends the looks but that. */
  boolean look() {
    try {
      return hasEnded();
    } catch (RuntimeException e) { // tried again at the next look
      LOG.error("this machine's tenure cannot be looked at: {}", e.toString());
      return false;
    }
  }

  private boolean hasEnded() {
    if (leaveNanos == null) {
      reasonToLeave()
          .ifPresent(
              reason -> {
                leaveNanos = nanos.getAsLong();
                leaving.leave(reason, grace);
              });
      return false;
    }
    if (idle.getAsBoolean() || nanos.getAsLong() - leaveNanos > grace.toNanos()) {
      end.run();
      return true;
    }
    return false;
  }

  private Optional<String> reasonToLeave() {
    try {
      if (tenure.isOver()) {
        return Optional.of("the run gave this machine back");
      }
      var now = tenure.renewal();
      if (now.isPresent() && !now.equals(last)) {
        last = now;
        renewedNanos = nanos.getAsLong();
        renewals.accept(now.get());
      }
    } catch (IOException | RuntimeException e) { // a store that is away renews nothing
      LOG.warn("the store does not say whether this machine is wanted: {}", e.toString());
    }
    return nanos.getAsLong() - renewedNanos > lease.toNanos()
        ? Optional.of("nobody has renewed this machine for " + lease.toMinutes() + " min")
        : Optional.empty();
  }
}
