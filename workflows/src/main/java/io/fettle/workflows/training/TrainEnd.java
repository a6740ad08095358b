package io.fettle.workflows.training;

import io.fettle.workflows.training.Interruption.Cancelled;
import io.fettle.workflows.training.Interruption.Fatal;
import io.fettle.workflows.training.Interruption.HostLost;
import io.fettle.workflows.training.Interruption.HostUnfit;
import io.fettle.workflows.training.Interruption.NoCapacity;
import io.fettle.workflows.training.Interruption.OutOfMemory;
import io.fettle.workflows.training.Interruption.Paused;
import io.fettle.workflows.training.Interruption.Preempted;
import io.fettle.workflows.training.Interruption.Stalled;
import io.fettle.workflows.training.Interruption.TrainerCrashed;
import io.fettle.workflows.training.Interruption.Unknown;
import io.fettle.workflows.wire.FailureType;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.common.converter.DataConverterException;
import io.temporal.common.converter.Values;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.failure.CanceledFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Optional;

/**
 * How a step on a host ended without its result: an interruption, or lost contact, which is not an
 * end: a probe decides.
 */
public sealed interface TrainEnd permits Interruption, TrainEnd.LostContact {
  /** The host was not heard. Silence is not death. */
  record LostContact(String reason, int lastStep) implements TrainEnd {}

  /** Reads a failed activity by its cause, which is never cast. */
  static TrainEnd of(ActivityFailure failure) {
    return switch (failure.getCause()) {
      case CanceledFailure cancelled -> new Cancelled(message(cancelled));
      case TimeoutFailure timeout -> ofTimeout(failure, timeout);
      case ApplicationFailure application -> of(application);
      case null, default -> new Unknown(message(failure));
    };
  }

  private static TrainEnd ofTimeout(ActivityFailure failure, TimeoutFailure timeout) {
    boolean unclaimed =
        timeout.getTimeoutType() == TimeoutType.TIMEOUT_TYPE_SCHEDULE_TO_START
            && "Claim".equals(failure.getActivityType());
    return unclaimed
        ? new NoCapacity("no host of the pool took the claim in time")
        : new LostContact(
            timeout.getTimeoutType() + " of " + failure.getActivityType(), lastStep(timeout));
  }

  private static Interruption of(ApplicationFailure failure) {
    String reason = failure.getOriginalMessage();
    TrainerExit exit = exit(failure);
    return switch (FailureType.of(failure.getType())) {
      case PREEMPTED -> new Preempted(reason, exit.checkpointStep(), exit.lastStep());
      case PAUSED -> new Paused(reason, exit.checkpointStep(), exit.lastStep());
      case HOST_LOST, HOST_BUSY -> new HostLost(reason, exit.lastStep());
      case HOST_UNFIT -> new HostUnfit(reason);
      case NO_CAPACITY -> new NoCapacity(reason);
      case OUT_OF_MEMORY -> new OutOfMemory(reason);
      case TRAINER_CRASHED -> new TrainerCrashed(reason, exit.checkpointStep(), exit.lastStep());
      case STALLED -> new Stalled(reason, exit.checkpointStep(), exit.lastStep());
      case DIVERGED,
          BAD_CONFIG,
          BAD_DATA,
          REFUSED,
          PREREQUISITE_MISSING,
          HELD_ELSEWHERE,
          NOT_VERIFIED,
          INCUMBENT_CHANGED ->
          new Fatal(failure.getType(), reason);
      case SUPERSEDED, WITHDRAWN, THROTTLED, STEP_FAILED, ENGINE_FAILED, UNKNOWN ->
          new Unknown(failure.getType() + ": " + reason);
    };
  }

  private static TrainerExit exit(ApplicationFailure failure) {
    return first(failure.getDetails(), TrainerExit.class).orElseGet(TrainerExit::unheard);
  }

  private static int lastStep(TimeoutFailure timeout) {
    return first(timeout.getLastHeartbeatDetails(), TrainProgress.class)
        .map(TrainProgress::step)
        .orElse(0);
  }

  /**
   * Details of another step's kind, or none at all, say nothing of a trainer; they never fail a
   * workflow task.
   */
  private static <T> Optional<T> first(Values details, Class<T> type) {
    try {
      return details.getSize() == 0 ? Optional.empty() : Optional.ofNullable(details.get(0, type));
    } catch (DataConverterException otherKind) {
      return Optional.empty();
    }
  }

  private static String message(Throwable failure) {
    return failure.getMessage() == null ? failure.getClass().getSimpleName() : failure.getMessage();
  }
}
