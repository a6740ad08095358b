package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the adapter becomes part of the model. */
public record MergeSpec(
    @Setting(
            value =
                "The weights that the adapter is added to: the source's own, or for qlora those that training saw, rounded"
                    + " to 4 bits and back",
            fallback = "source")
        @JsonProperty("base_precision")
        BasePrecision basePrecision) {

  /** The weights that the adapter is added to. */
  public enum BasePrecision {
    @JsonProperty("source")
    SOURCE,
    @JsonProperty("dequantized_nf4")
    DEQUANTIZED_NF4,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }
}
