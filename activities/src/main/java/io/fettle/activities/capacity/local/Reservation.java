package io.fettle.activities.capacity.local;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.activities.capacity.Capacity.Execution;
import org.jspecify.annotations.Nullable;

/**
 * One acquisition: which host it is meant for, or has. Kept after its release, so that a late claim
 * of it is refused.
 *
 * @param by the execution that acquired it; null where an older build did, or nobody knows
 */
record Reservation(
    String token,
    String run,
    String host,
    State state,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Execution by) {
  enum State {
    /** Recorded before anything is launched. */
    INTENDED,
    CLAIMED,
    RELEASED,
    @JsonEnumDefaultValue
    UNKNOWN
  }

  boolean stands() {
    return state != State.RELEASED;
  }

  Reservation claimedBy(String claimer) {
    return new Reservation(token, run, claimer, State.CLAIMED, by);
  }

  Reservation released() {
    return new Reservation(token, run, host, State.RELEASED, by);
  }
}
