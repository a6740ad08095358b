package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/**
 * Which part of the dataset is answered. Test is opened by the gate alone, and each opening is
 * counted.
 */
public enum Part {
  DEV,
  TEST,
  /** The small general set on which forgetting shows; no part of the dataset. */
  REGRESSION,
  @JsonEnumDefaultValue
  UNKNOWN
}
