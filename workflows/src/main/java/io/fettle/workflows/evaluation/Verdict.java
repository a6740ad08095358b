package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** The gate's answer. Anything but PASS promotes nothing. */
public enum Verdict {
  PASS,
  FAIL,
  @JsonEnumDefaultValue
  INCONCLUSIVE
}
