package io.fettle.activities.capacity.local;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * Releases the acquisitions of runs that are over. A claim that an agent holds is left to that
 * agent, which asks for itself and first lets its trainer save; only where no agent will ever ask
 * is it released here. An idle agent is the pool's capacity and nobody's orphan.
 */
final class LocalSweep {
  private final PoolFiles files;

  LocalSweep(PoolFiles files) {
    this.files = files;
  }

  List<String> run(Runs runs, Instant now) throws IOException {
    var released = new ArrayList<String>();
    for (var reservation : files.reservations()) {
      if (reservation.stands() && isOrphan(reservation, runs, now) && release(reservation)) {
        released.add(
            "acquisition %s on host %s: run %s is over"
                .formatted(reservation.token(), reservation.host(), reservation.run()));
      }
    }
    return released;
  }

  /** Asks the server with nothing locked: it may take seconds to answer. */
  private boolean isOrphan(Reservation reservation, Runs runs, Instant now) throws IOException {
    var by = reservation.by();
    if (by == null) {
      by = new Execution(runs.namespace(), reservation.run(), "");
    }
    return runs.isOurs(by) && !isHeld(reservation) && runs.isOver(by, files.age(reservation, now));
  }

  /** Whether an agent that lives, or will be started again, holds it. */
  private boolean isHeld(Reservation reservation) throws IOException {
    if (reservation.state() != Reservation.State.CLAIMED) {
      return false;
    }
    var host = files.host(reservation.host());
    var lives = host.isPresent() && host.get().wanted() && !host.get().terminated();
    return lives && files.claim(reservation.host()).filter(reservation.token()::equals).isPresent();
  }

  private boolean release(Reservation seen) throws IOException {
    return files.locked(
        () -> {
          if (!files.reservation(seen.token()).equals(Optional.of(seen))) {
            return false; // claimed or released while the server was asked
          }
          files.put(seen.released());
          return true;
        });
  }
}
