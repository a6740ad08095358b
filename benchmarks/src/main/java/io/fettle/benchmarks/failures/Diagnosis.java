package io.fettle.benchmarks.failures;

import java.util.OptionalInt;

/**
 * What a run made of one fault of its trainer.
 *
 * @param called the name that the run gave it, as {@link TrainerFault#expected}
 * @param answered whether the run then did what belongs to that name
 * @param starts of trainers that the fault cost, the broken one among them
 * @param retries of the user's that it spent
 * @param status the trainer's exit status as a shell gives it, 128 and the signal where one ended
 *     it; empty where it did not end
 */
record Diagnosis(
    TrainerFault fault,
    String called,
    boolean answered,
    int starts,
    int retries,
    OptionalInt status) {

  boolean isWrong() {
    return !called.equals(fault.expected()) || !answered;
  }

  /** Whether it would be wrong of one who knows of nothing but the status. */
  boolean isWrongByStatusAlone() {
    return status.isPresent() && !byStatusAlone(status.getAsInt()).equals(fault.expected());
  }

  /** Retries that it would spend of one who knows of nothing but the status. */
  int retriesByStatusAlone() {
    return status.orElse(0) == 0 ? 0 : 1;
  }

  static String byStatusAlone(int status) {
    return status == 0 ? "Finished" : "TrainerCrashed";
  }

  String line() {
    return "%s called %s%s".formatted(fault, called, answered ? "" : ", not answered");
  }

  interface Attempt {
    /**
     * @return the status of one more start
     */
    int start(int number) throws Exception;
  }

  /** How often it is started by a loop that tries again whatever failed, up to a cap. */
  static int startsWithoutBudget(Attempt attempt, int cap) throws Exception {
    int starts = 1;
    while (attempt.start(starts) != 0 && starts < cap) {
      starts++;
    }
    return starts;
  }
}
