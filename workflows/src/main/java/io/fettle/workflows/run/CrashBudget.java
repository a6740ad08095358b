package io.fettle.workflows.run;

import io.fettle.workflows.training.Interruption;
import java.util.Optional;

/**
 * The user's retries. A crash spends one; they come back only past the step of the last crash. The
 * cloud's interruptions spend none, but three leases in a row without a new checkpoint, whatever
 * the cause, park the run.
 */
final class CrashBudget {
  private static final int LEASES_WITHOUT_PROGRESS = 3;

  private final int allowed;
  private int spent;
  private int lastCrashStep = -1;
  private int bestStep = -1;
  private int barren;

  CrashBudget(int allowed, Optional<Continued.Crashes> remembered) {
    this.allowed = allowed;
    remembered.ifPresent(
        before -> {
          spent = before.spent();
          lastCrashStep = before.lastCrashStep();
          bestStep = before.bestStep();
          barren = before.barren();
        });
  }

  Continued.Crashes remember() {
    return new Continued.Crashes(spent, lastCrashStep, bestStep, barren);
  }

  /** A lease has been opened from this published step. */
  void leaseFrom(int resumeStep) {
    barren = resumeStep > bestStep ? 0 : barren + 1;
    bestStep = Math.max(bestStep, resumeStep);
    if (lastCrashStep >= 0 && resumeStep > lastCrashStep) {
      spent = 0;
    }
  }

  /** The user's own: whether another try is left. */
  boolean crashed(Interruption crash) {
    spent++;
    lastCrashStep = Math.max(lastCrashStep, crash.lastStep());
    return spent <= allowed;
  }

  /** Why the run must be parked; empty: it may open another lease. */
  Optional<String> parked() {
    return barren < LEASES_WITHOUT_PROGRESS
        ? Optional.empty()
        : Optional.of(
            LEASES_WITHOUT_PROGRESS
                + " leases in a row published no new checkpoint past step "
                + Math.max(0, bestStep));
  }

  /** An operator has looked: begin again. */
  void forgive() {
    spent = 0;
    barren = 0;
  }

  /** An operator ended the lease, so it says nothing about the run. */
  void excuse() {
    barren = 0;
  }

  int spent() {
    return spent;
  }
}
