package io.fettle.activities.training;

import io.fettle.activities.training.Stop.Cause;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The stop that stands for one lease: on disk before anybody acts on it, unless the disk takes
 * nothing, for a notice does not wait. Its time is counted on this process's own clock; the one on
 * disk is only for the next agent of the host.
 */
final class StandingStop {
  private final WorkFolder folder;
  private @Nullable Stop stop; // guarded by this
  private long endNanos; // guarded by this
  private boolean written; // guarded by this

  StandingStop(WorkFolder folder) throws IOException {
    this.folder = folder;
    var left = folder.stop();
    if (left.isPresent()) {
      stop = left.get();
      written = true;
      endNanos = System.nanoTime() + nanosUntil(left.get().deadline());
    }
  }

  private static long nanosUntil(Instant deadline) {
    return Math.max(0, Duration.between(Instant.now(), deadline).toNanos());
  }

  /**
   * The first reason stands; a shorter time is taken over.
   *
   * @return the stop as it stands now; empty if nothing changed
   * @throws IOException if it could not be written; it stands all the same
   */
  synchronized Optional<Stop> ask(Cause cause, String reason, Duration grace) throws IOException {
    var end = System.nanoTime() + grace.toNanos();
    var before = stop;
    if (before != null && end - endNanos >= 0) {
      write(before);
      return Optional.empty();
    }
    var deadline = Instant.now().plus(grace);
    var next =
        before == null
            ? new Stop(cause, reason, deadline)
            : new Stop(before.cause(), before.reason(), deadline);
    stop = next;
    endNanos = end;
    written = false;
    write(next);
    return Optional.of(next);
  }

  private synchronized void write(Stop standing) throws IOException {
    if (!written) {
      folder.write(standing);
      written = true;
    }
  }

  synchronized Optional<Stop> stop() {
    return Optional.ofNullable(stop);
  }

  /** Until its time is up; zero from then on, and where nothing was asked. */
  synchronized Duration left() {
    return stop == null
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, endNanos - System.nanoTime()));
  }
}
