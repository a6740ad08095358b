package io.fettle.activities.training;

import io.fettle.activities.programs.Program;
import io.fettle.activities.training.Stop.Cause;
import java.io.IOException;
import java.time.Duration;
import java.util.Set;

/** What a running trainer is told, and when. Used by one thread but for {@link #saveSoon}. */
final class Orders {
  /** In which a trainer waits for shards, which are the agent's to bring. */
  private static final String WAITING = "rows";

  private static final Set<String> TRAINING = Set.of("step", WAITING, "eval", "save");

  private static final Duration STACKS = Duration.ofSeconds(1);

  private final HostOptions options;
  private final TrainerView view;
  private final StandingStop stops;
  private final LastSave last;
  private final Stopper stopper;
  private long heardNanos = System.nanoTime();
  private boolean asked;
  private volatile boolean saveWanted;

  interface Stopper {
    void stop(Cause cause, String reason, Duration grace);
  }

  Orders(
      HostOptions options, TrainerView view, StandingStop stops, LastSave last, Stopper stopper) {
    this.options = options;
    this.view = view;
    this.stops = stops;
    this.last = last;
    this.stopper = stopper;
  }

  /** The trainer showed something new at that time of this process's own clock. */
  void heardAt(long nanos) {
    heardNanos = nanos;
  }

  void saveSoon() {
    saveWanted = true;
  }

  void obey(Program program) throws IOException, InterruptedException {
    var standing = stops.stop();
    if (standing.isEmpty()) {
      saveIfAsked(program);
      lookForAStall(program);
    } else if (stops.left().isZero()) {
      program.kill();
    } else if (!asked) {
      asked = true; // once: a Python on its way out handles no signals, and a second one kills it
      ask(program, standing.get());
    }
  }

  private void ask(Program program, Stop standing) throws IOException, InterruptedException {
    if (standing.cause() == Cause.NOTICE && !last.canSave()) {
      program.kill(); // nothing that it could still write would leave this host
    } else {
      program.signal(Program.Signal.TERM);
    }
  }

  /** Not before its first step: until then there is nothing to save, and nobody to hear it. */
  private void saveIfAsked(Program program) throws IOException, InterruptedException {
    if (saveWanted && TRAINING.contains(view.phase())) {
      saveWanted = false;
      program.signal(Program.Signal.USR1);
    }
  }

  private void lookForAStall(Program program) throws IOException, InterruptedException {
    var phase = view.phase();
    var silent = Duration.ofNanos(System.nanoTime() - heardNanos);
    if (phase.equals(WAITING) || silent.compareTo(options.silence().of(phase)) <= 0) {
      return;
    }
    program.signal(Program.Signal.USR2); // its stacks go to its log
    Thread.sleep(STACKS);
    stopper.stop(
        Cause.STALLED,
        "phase %s was silent for %d s at step %d".formatted(phase, silent.toSeconds(), view.step()),
        Duration.ZERO);
  }
}
