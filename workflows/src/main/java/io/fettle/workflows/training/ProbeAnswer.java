package io.fettle.workflows.training;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** What the agent sees of a lease's trainer. */
public record ProbeAnswer(State state, String detail) {
  /** Of the trainer. */
  public enum State {
    /** It runs: adopt it. */
    RUNNING,
    /** It left an exit record: ask train again, which classifies it. */
    EXITED,
    /**
     * Same host id, but neither process nor exit record: the boot changed or it was killed with its
     * shim.
     */
    GONE,
    @JsonEnumDefaultValue
    UNKNOWN
  }
}
