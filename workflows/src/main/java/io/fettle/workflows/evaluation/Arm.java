package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** One way of answering the evaluation items. */
public enum Arm {
  ZERO_SHOT,
  /** Examples in the prompt; the variant says how they are chosen, {@code nearest} or at random. */
  FEW_SHOT,
  RAG,
  /** The adapter on its 16-bit base. */
  TUNED,
  /** The artifact that will serve, in the engine that will serve it. */
  SERVED,
  /** What answers today, at its own address. */
  INCUMBENT,
  /** Another model behind an API; the variant is its name in the spec. */
  HOSTED,
  /** A linear model on embeddings. */
  CLASSICAL,
  @JsonEnumDefaultValue
  UNKNOWN
}
