package io.fettle.benchmarks.failures;

import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.workflows.capacity.Acquisition;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;

/**
 * One life of one acquisition: intent, launch, claim, work, release, the agent's end of it. The
 * process that makes a numbered change dies right before it; what becomes of the run then is drawn.
 */
final class OrphanTrial {
  private static final String RUN = "run";
  private static final String NEIGHBOUR = "neighbour";
  private static final Duration BETWEEN_LOOKS = Duration.ofSeconds(20);
  private static final int LOOKS_IN_TWO_MINUTES = 6;

  /** What becomes of the run whose process died. */
  enum Fate {
    /** Ended by hand: nothing of it is ever tried again. */
    TERMINATED,
    /** It gives back the host that it knows it holds, and no more. */
    CANCELLED,
    /** Ended, and its history gone. */
    DELETED,
    /** Its calls are tried again, and it ends as it should. */
    FINISHES,
    /** Its calls are tried again, and it still works two minutes later. */
    WORKS,
    /** As before, and the server cannot be asked meanwhile. */
    WORKS_UNSEEN,
    /** Its acquire is tried again, its claim comes after two minutes without a server. */
    CLAIMS_LATE;

    boolean ends() {
      return switch (this) {
        case TERMINATED, CANCELLED, DELETED, FINISHES -> true;
        case WORKS, WORKS_UNSEEN, CLAIMS_LATE -> false;
      };
    }
  }

  /** What is done about orphans. */
  enum Sweep {
    ON,
    OFF,
    /** By one who takes silence for death. */
    HASTY
  }

  private enum Stage {
    ACQUIRING,
    CLAIMING,
    RELEASING
  }

  private final PoolMachine machine;
  private final Fate fate;
  private final Sweep sweep;
  private final boolean hasNeighbour;
  private Stage stage = Stage.ACQUIRING;
  private int acquisitions = 1;

  /**
   * @param start which of the pools it starts with: empty, with a neighbour's host, with an idle
   *     one, with both
   */
  OrphanTrial(Path state, Fate fate, Sweep sweep, int start) throws IOException {
    this.machine = new PoolMachine(state, sweep == Sweep.HASTY);
    this.fate = fate;
    this.sweep = sweep;
    this.hasNeighbour = (start & 1) != 0;
    machine.says(RUN, Runs.State.OPEN);
    if (hasNeighbour) {
      var acquired = machine.acquire(state, NEIGHBOUR, NEIGHBOUR + "-1").orElseThrow();
      machine.claim(state, NEIGHBOUR, acquired);
      machine.says(NEIGHBOUR, Runs.State.OPEN);
    }
    if ((start & 2) != 0) { // an idle host of an earlier run
      var earlier = machine.acquire(state, "earlier", "earlier-1").orElseThrow();
      machine.claim(state, "earlier", earlier);
      machine.release(state, "earlier", "earlier-1");
      machine.agentsLook(Instant.now());
    }
  }

  /**
   * @param orphans standing acquisitions of runs that are over, and hosts that nobody can get
   * @param liveTaken hosts of living runs that were given away
   */
  record Outcome(int orphans, int liveTaken) {}

  /** How many changes a life without a death makes. */
  int changes() throws IOException {
    var files = new MortalFiles(Integer.MAX_VALUE);
    live(files.path(machine.state()));
    return files.changes();
  }

  Outcome run(int deadlyChange) throws IOException {
    try {
      live(new MortalFiles(deadlyChange).path(machine.state()));
    } catch (MortalFiles.Killed expected) {
      // by design
    }
    meetFate();
    twoMinutes();
    return count();
  }

  private void live(Path files) throws IOException {
    stage = Stage.ACQUIRING;
    var acquired = machine.acquire(files, RUN, token()).orElseThrow();
    stage = Stage.CLAIMING;
    machine.claim(files, RUN, acquired);
    stage = Stage.RELEASING;
    machine.release(files, RUN, token());
    machine.agentsLook(files, Instant.now());
  }

  private void meetFate() throws IOException {
    switch (fate) {
      case TERMINATED -> machine.says(RUN, Runs.State.OVER);
      case DELETED -> machine.says(RUN, Runs.State.NOT_FOUND);
      case CANCELLED -> {
        if (stage == Stage.RELEASING) {
          machine.release(machine.state(), RUN, token());
        }
        machine.says(RUN, Runs.State.OVER);
      }
      case FINISHES -> {
        claim(acquireAgain());
        machine.release(machine.state(), RUN, token());
        machine.says(RUN, Runs.State.OVER);
      }
      case WORKS -> claim(acquireAgain());
      case WORKS_UNSEEN -> {
        claim(acquireAgain());
        machine.says(RUN, Runs.State.UNREACHABLE);
      }
      case CLAIMS_LATE -> {
        acquireAgain();
        machine.says(RUN, Runs.State.UNREACHABLE);
      }
    }
  }

  /** As the workflow does: a retry of the same acquisition, or a new one where its end was told. */
  private Acquisition acquireAgain() throws IOException {
    if (stage != Stage.ACQUIRING) {
      machine.release(machine.state(), RUN, token()); // also a claim whose answer was lost
      machine.agentsLook(Instant.now());
      acquisitions++;
    }
    return machine.acquire(machine.state(), RUN, token()).orElseThrow();
  }

  private void claim(Acquisition acquisition) throws IOException {
    if (machine.claim(machine.state(), RUN, acquisition).isEmpty()) {
      throw new IOException("no agent took " + acquisition);
    }
  }

  /** Agents and control worker look about as often as they do. */
  private void twoMinutes() throws IOException {
    var crash = Instant.now();
    for (int look = 1; look <= LOOKS_IN_TWO_MINUTES; look++) {
      var now = crash.plus(BETWEEN_LOOKS.multipliedBy(look));
      machine.agentsLook(now);
      if (sweep != Sweep.OFF) {
        machine.sweep(now);
      }
    }
  }

  private Outcome count() throws IOException {
    int liveTaken = 0;
    if (fate == Fate.CLAIMS_LATE) {
      var again = machine.acquire(machine.state(), RUN, token());
      liveTaken +=
          again.isPresent() && machine.claim(machine.state(), RUN, again.get()).isPresent() ? 0 : 1;
    } else if (!fate.ends()) {
      liveTaken += machine.holds(token()) ? 0 : 1;
    }
    if (hasNeighbour) {
      liveTaken += machine.holds(NEIGHBOUR + "-1") ? 0 : 1;
    }
    int standing = fate.ends() ? machine.standingOf(RUN) : 0;
    int living = (fate.ends() ? 0 : 1) + (hasNeighbour ? 1 : 0);
    int lost = liveTaken > 0 ? 0 : PoolMachine.LIMIT - living - machine.freeSlots();
    return new Outcome(Math.max(standing, lost), liveTaken + Math.max(0, -lost));
  }

  private String token() {
    return RUN + "-" + acquisitions;
  }
}
