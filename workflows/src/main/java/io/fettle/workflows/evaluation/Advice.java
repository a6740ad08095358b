package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;

/** Whether fine-tuning is the right tool. Never called a verdict. */
public enum Advice {
  PROMPT,
  RAG,
  FINE_TUNE,
  FINE_TUNE_AND_RAG,
  FIX_DATA,
  BIGGER_MODEL,
  UNDECIDED,
  @JsonEnumDefaultValue
  UNKNOWN;

  /** Whether the run goes on to train. */
  public boolean goesOn() {
    return switch (this) {
      case FINE_TUNE, FINE_TUNE_AND_RAG, UNDECIDED, UNKNOWN -> true;
      case PROMPT, RAG, FIX_DATA, BIGGER_MODEL -> false;
    };
  }
}
