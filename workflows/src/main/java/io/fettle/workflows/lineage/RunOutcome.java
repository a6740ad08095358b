package io.fettle.workflows.lineage;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** How a run ended. */
public enum RunOutcome {
  DEPLOYED,
  /** Trained and evaluated; the spec asks for no endpoint. */
  EVALUATED,
  /** The gate did not say PASS. */
  REFUSED,
  /** Advice alone was asked for. */
  ADVISED,
  ADVISED_AGAINST,
  /** Refused by a person, or nobody answered in time. */
  NOT_APPROVED,
  @JsonEnumDefaultValue
  UNKNOWN
}
