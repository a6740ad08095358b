package io.fettle.workflows.capacity;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** A host's state in its provider's words. Only {@link #TERMINATED} is a sign of death. */
public enum HostState {
  PENDING,
  RUNNING,
  /** Stopped, terminated, or unknown to the provider after it was once seen. */
  TERMINATED,
  /** The provider did not answer, or not clearly. Never a sign of death. */
  @JsonEnumDefaultValue
  UNKNOWN
}
