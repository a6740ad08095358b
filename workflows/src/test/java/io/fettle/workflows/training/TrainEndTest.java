package io.fettle.workflows.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.training.Interruption.OutOfMemory;
import io.fettle.workflows.training.Interruption.TrainerCrashed;
import io.fettle.workflows.training.TrainEnd.LostContact;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import io.temporal.api.enums.v1.RetryState;
import io.temporal.api.enums.v1.TimeoutType;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.TimeoutFailure;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class TrainEndTest {
  @Test
  void a_timeout_whose_heartbeats_said_nothing_is_lost_contact_at_step_0() {
    assertThat(TrainEnd.of(failure(overTheWire(null))))
        .isInstanceOfSatisfying(LostContact.class, end -> assertThat(end.lastStep()).isZero());
  }

  @Test
  void a_timeout_with_another_steps_heartbeats_fails_no_workflow_task() {
    assertThat(TrainEnd.of(failure(overTheWire("staging")))).isInstanceOf(LostContact.class);
  }

  @Test
  void a_timeout_tells_the_last_step_that_was_heard_of() {
    TrainProgress heard =
        new TrainProgress(
            1,
            "step",
            70,
            100,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            50);

    assertThat(TrainEnd.of(failure(overTheWire(heard))))
        .isInstanceOfSatisfying(LostContact.class, end -> assertThat(end.lastStep()).isEqualTo(70));
  }

  @Test
  void a_crash_carries_what_the_trainer_had_published() {
    var crash =
        FailureType.TRAINER_CRASHED.failure(
            "exit 70", new TrainerExit("exit 70", 500, 700, Optional.empty()));

    assertThat(TrainEnd.of(failure(crash))).isEqualTo(new TrainerCrashed("exit 70", 500, 700));
  }

  @Test
  void a_failure_without_details_is_still_told_apart() {
    assertThat(TrainEnd.of(failure(FailureType.OUT_OF_MEMORY.failure("exit 71"))))
        .isEqualTo(new OutOfMemory("exit 71"));
  }

  /** As a workflow receives it: details are payloads. */
  private static Throwable overTheWire(@Nullable Object heartbeat) {
    var converter = Wire.dataConverter();
    var timeout = new TimeoutFailure("no heartbeat", heartbeat, TimeoutType.TIMEOUT_TYPE_HEARTBEAT);
    timeout.setDataConverter(converter);
    return converter.failureToException(converter.exceptionToFailure(timeout));
  }

  private static ActivityFailure failure(Throwable cause) {
    return new ActivityFailure(
        "failed", 1, 2, "Train", "1", RetryState.RETRY_STATE_MAXIMUM_ATTEMPTS_REACHED, "", cause);
  }
}
