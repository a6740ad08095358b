package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** One way of answering the evaluation items. */
public enum Arm {
  ZERO_SHOT,
  FEW_SHOT,
  RAG,
  /** The adapter on its 16-bit base. */
  TUNED,
  /** The artifact that will serve, in the engine that will serve it. */
  SERVED,
  INCUMBENT,
  @JsonEnumDefaultValue
  UNKNOWN
}
