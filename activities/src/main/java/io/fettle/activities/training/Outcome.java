package io.fettle.activities.training;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.TrainerExit;
import io.fettle.workflows.wire.FailureType;
import java.util.Optional;

/**
 * How one lease's train ended. On disk before it is delivered, so that any later agent delivers the
 * same.
 */
record Outcome(Kind kind, FailureType type, Optional<Checkpoint> checkpoint, TrainerExit exit) {
  enum Kind {
    FINISHED,
    FAILED,
    CANCELLED,
    /** The workflow is closed: there is nobody to tell. */
    @JsonEnumDefaultValue
    UNTOLD
  }

  static Outcome finished(Checkpoint checkpoint) {
    return new Outcome(
        Kind.FINISHED, FailureType.UNKNOWN, Optional.of(checkpoint), TrainerExit.unheard());
  }

  static Outcome failed(FailureType type, TrainerExit exit) {
    return new Outcome(Kind.FAILED, type, Optional.empty(), exit);
  }

  static Outcome cancelled(TrainerExit exit) {
    return new Outcome(Kind.CANCELLED, FailureType.UNKNOWN, Optional.empty(), exit);
  }

  /**
   * As whoever asks is told. A workflow that was reset may ask for a lease whose train ended when
   * its predecessor closed: that is no end of the run.
   */
  Outcome told() {
    return kind == Kind.UNTOLD ? failed(FailureType.PREEMPTED, exit) : this;
  }

  static Outcome untold(TrainerExit exit) {
    return new Outcome(Kind.UNTOLD, FailureType.UNKNOWN, Optional.empty(), exit);
  }
}
