package io.fettle.activities.capacity.local;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * One acquisition: which host it is meant for, or has. Kept after its release, so that a late claim
 * of it is refused.
 */
record Reservation(String token, String run, String host, State state) {
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
    return new Reservation(token, run, claimer, State.CLAIMED);
  }

  Reservation released() {
    return new Reservation(token, run, host, State.RELEASED);
  }
}
