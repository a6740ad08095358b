package io.fettle.workflows.training;

/**
 * Why a lease ended without a finished train. Sealed: a new reason does not compile until every
 * switch answers it.
 */
public sealed interface Interruption extends TrainEnd {
  /** One line for operators. */
  String reason();

  /**
   * The last optimizer step that is known to have been done in this lease; 0 where nothing was
   * heard.
   */
  default int lastStep() {
    return 0;
  }

  record Cancelled(String reason) implements Interruption {}

  /** Never helped by another try. {@code type} is the failure's. */
  record Fatal(String type, String reason) implements Interruption {}

  record NoCapacity(String reason) implements Interruption {}

  /** Gone without a word; {@code lastStep} is the last one heard of, 0 if none. */
  record HostLost(String reason, int lastStep) implements Interruption {}

  /** It cannot do what its shape promises, and was looked over before it did anything. */
  record HostUnfit(String reason) implements Interruption {}

  /** Asked to leave, and left. {@code lastStep} is the last optimizer step that it had done. */
  record Preempted(String reason, int checkpointStep, int lastStep) implements Interruption {}

  /** Stopped by an operator. Spends no retry, and does not count toward the barren leases. */
  record Paused(String reason, int checkpointStep, int lastStep) implements Interruption {}

  record OutOfMemory(String reason) implements Interruption {}

  /**
   * Spends a retry. {@code checkpointStep} is the newest published step, which refills the budget
   * once it is passed.
   */
  record TrainerCrashed(String reason, int checkpointStep, int lastStep) implements Interruption {}

  /** A phase was silent past its limit. Spends a retry. */
  record Stalled(String reason, int checkpointStep, int lastStep) implements Interruption {}

  /**
   * A failure that this version cannot name: spends no retry, but counts toward the leases without
   * progress.
   */
  record Unknown(String reason) implements Interruption {}
}
