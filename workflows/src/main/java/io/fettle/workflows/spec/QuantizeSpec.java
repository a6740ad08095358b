package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;

/** How the merged model is made smaller for the target that serves it. */
public record QuantizeSpec(
    @Setting(
            value =
                "Number formats of weights and activations; auto is w8a8 on a CPU, fp8_dynamic or w4a16 on a GPU",
            fallback = "auto")
        Scheme scheme,
    @Setting(
            value = "Training rows that calibrate it",
            fallback = "128",
            min = 1,
            max = 4096,
            hint = "128 to 512 is usual")
        int samples) {

  /** How weights (w) and activations (a) are stored, with their bits. */
  public enum Scheme {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("none")
    NONE,
    @JsonProperty("w8a8")
    W8A8,
    @JsonProperty("w4a16")
    W4A16,
    @JsonProperty("fp8_dynamic")
    FP8_DYNAMIC,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }
}
