package io.fettle.workflows.wire;

import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationErrorCategory;
import io.temporal.failure.ApplicationFailure;
import java.time.Duration;
import java.util.Arrays;

/**
 * Why an activity of ours failed: the {@code type} of its {@link ApplicationFailure}, spelled once.
 */
public enum FailureType {
  /** The host was asked to leave. Benign. */
  PREEMPTED("Preempted", Retry.NEVER, Blame.CLOUD),
  /** An operator paused the train. Benign; only the server's own pause may try it again. */
  PAUSED("Paused", Retry.AS_OPTIONS_SAY, Blame.CLOUD),
  /** The host is gone, by an authoritative sign. Benign. */
  HOST_LOST("HostLost", Retry.NEVER, Blame.CLOUD),
  /** Another run claimed the host first. Benign. */
  HOST_BUSY("HostBusy", Retry.NEVER, Blame.CLOUD),
  /** A host that was launched cannot do what its shape promises. Benign: another one is as good. */
  HOST_UNFIT("HostUnfit", Retry.NEVER, Blame.CLOUD),
  /** No pool has a host just now. Benign. */
  NO_CAPACITY("NoCapacity", Retry.NEVER, Blame.CLOUD),
  /**
   * A provider was asked too often: the same again, once the failure's own delay is over. Benign.
   */
  THROTTLED("Throttled", Retry.AS_OPTIONS_SAY, Blame.CLOUD),
  /** Another namespace holds a live lease of this run. */
  HELD_ELSEWHERE("HeldElsewhere", Retry.NEVER, Blame.USER),
  /** A newer lease published in our place. Benign: the newer one goes on. */
  SUPERSEDED("Superseded", Retry.NEVER, Blame.CLOUD),
  /** The one who asked took the request back. Benign. */
  WITHDRAWN("Withdrawn", Retry.NEVER, Blame.CLOUD),
  OUT_OF_MEMORY("OutOfMemory", Retry.NEVER, Blame.USER),
  TRAINER_CRASHED("TrainerCrashed", Retry.NEVER, Blame.USER),
  STALLED("Stalled", Retry.NEVER, Blame.USER),
  DIVERGED("Diverged", Retry.NEVER, Blame.USER),
  BAD_CONFIG("BadConfig", Retry.NEVER, Blame.USER),
  BAD_DATA("BadData", Retry.NEVER, Blame.USER),
  /** The plan cannot work as specified. */
  REFUSED("Refused", Retry.NEVER, Blame.USER),
  /** A tool, an environment or a model is missing and cannot be fetched. */
  PREREQUISITE_MISSING("PrerequisiteMissing", Retry.NEVER, Blame.USER),
  /** A program of ours failed in a way that a second try may mend. */
  STEP_FAILED("StepFailed", Retry.AS_OPTIONS_SAY, Blame.USER),
  /** A model server did not start, or did not answer. */
  ENGINE_FAILED("EngineFailed", Retry.AS_OPTIONS_SAY, Blame.USER),
  /** A verification found the artifact wrong. */
  NOT_VERIFIED("NotVerified", Retry.NEVER, Blame.USER),
  /** The incumbent changed since the gate measured it; the run is gated again. */
  INCUMBENT_CHANGED("IncumbentChanged", Retry.NEVER, Blame.USER),
  /** A name that this version does not know. Treated conservatively. */
  UNKNOWN("Unknown", Retry.AS_OPTIONS_SAY, Blame.USER);

  private enum Retry {
    NEVER,
    AS_OPTIONS_SAY
  }

  private enum Blame {
    CLOUD,
    USER
  }

  private final String type;
  private final Retry retry;
  private final Blame blame;

  FailureType(String type, Retry retry, Blame blame) {
    this.type = type;
    this.retry = retry;
    this.blame = blame;
  }

  /** The name on the wire. */
  public String type() {
    return type;
  }

  /** The type of that name, else {@link #UNKNOWN}. */
  public static FailureType of(String type) {
    return Arrays.stream(values()).filter(t -> t.type.equals(type)).findFirst().orElse(UNKNOWN);
  }

  /** Whether an activity, in its last attempt, failed with this type. */
  public boolean isCauseOf(ActivityFailure failure) {
    return failure.getCause() instanceof ApplicationFailure known && type.equals(known.getType());
  }

  /** A failure of this type; the cloud's doing is benign, so it raises no error metric. */
  public ApplicationFailure failure(String message, Object... details) {
    return builder(message, details).build();
  }

  /** As {@link #failure}; the next try, if there is one, begins after that time. */
  public ApplicationFailure failureUntil(Duration nextTry, String message) {
    return builder(message).setNextRetryDelay(nextTry).build();
  }

  private ApplicationFailure.Builder builder(String message, Object... details) {
    return ApplicationFailure.newBuilder()
        .setType(type)
        .setMessage(message)
        .setNonRetryable(retry == Retry.NEVER)
        .setCategory(
            blame == Blame.CLOUD
                ? ApplicationErrorCategory.BENIGN
                : ApplicationErrorCategory.UNSPECIFIED)
        .setDetails(details);
  }
}
