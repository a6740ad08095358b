package io.fettle.benchmarks.failures;

/** What breaks a trainer, and what its run has to call that. */
enum TrainerFault {
  /** A learning rate from which no loss comes back. */
  NAN("Diverged"),
  WRONG_CONFIG("BadConfig"),
  BAD_ROW("BadData"),
  /**
   * Weights that were cut off before they came into the store: the same traceback at each start.
   */
  CRASH_AT_EACH_START("TrainerCrashed"),
  /** By a signal that nobody of the run has sent. */
  KILLED("TrainerCrashed"),
  /** An allocation is refused. */
  OUT_OF_MEMORY("OutOfMemory"),
  /** The kernel takes it for its control group's want of memory. */
  KILLED_FOR_MEMORY("OutOfMemory"),
  NOTICE("Preempted"),
  /** With its agent, and the provider says so. */
  HOST_KILLED("HostLost"),
  /** No end of a lease at all. */
  LINK_CUT("running"),
  HANG_IN_LOAD("Stalled in load"),
  HANG_IN_STEP("Stalled in step"),
  HANG_IN_EVAL("Stalled in eval"),
  HANG_IN_SAVE("Stalled in save");

  private final String expected;

  TrainerFault(String expected) {
    this.expected = expected;
  }

  /** An interruption's name, or the type of the run's failure where nothing can be tried again. */
  String expected() {
    return expected;
  }

  /** Whether the same inputs end the same way at each start. */
  boolean isDeterministic() {
    return isFatal() || this == CRASH_AT_EACH_START;
  }

  /** Whether no other start can help. */
  boolean isFatal() {
    return this == NAN || this == WRONG_CONFIG || this == BAD_ROW;
  }

  /** Whether it is none of the user's doing. */
  boolean isOfTheCloud() {
    return this == NOTICE || this == HOST_KILLED || this == LINK_CUT;
  }
}
