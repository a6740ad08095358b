package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * Where the model serves. The engine and the target are those of the evaluation too: what serves is
 * what was evaluated.
 */
public record DeploySpec(
    @Setting(
            value = "False: the run ends after the gate, and the endpoint stays as it is",
            fallback = "true")
        boolean enabled,
    @Setting(
            value = "Name of the endpoint; auto is the spec's name",
            auto = true,
            pattern = "[a-z]([a-z0-9-]{0,38}[a-z0-9])?",
            hint = "lower-case letters, digits and inner hyphens, as in support-triage")
        @Nullable String endpoint,
    @Setting(
            value =
                "The model server: vllm, or transformers, which is light and slow; auto is vllm. none ends the run after"
                    + " quantize",
            fallback = "auto")
        Engine engine,
    @Setting(
            value = "What the model serves on; auto is the GPU where there is one",
            fallback = "auto")
        Target target,
    @Setting(
            value =
                "Longest question and answer together, in tokens; auto holds the longest few-shot prompt",
            auto = true,
            min = 64,
            max = 1_048_576)
        @JsonProperty("max_model_len")
        @Nullable Integer maxModelLen,
    @Setting(
            value =
                "What vllm computes in; auto is bfloat16 where the hardware has it, else float32 on a CPU and float16 on a"
                    + " GPU",
            auto = true)
        @JsonInclude(JsonInclude.Include.NON_NULL) // a spec without it keeps its run's id
        @Nullable Dtype dtype) {

  /** The model server. */
  public enum Engine {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("vllm")
    VLLM,
    @JsonProperty("transformers")
    TRANSFORMERS,
    @JsonProperty("none")
    NONE,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** What the model serves on. */
  public enum Target {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("cpu")
    CPU,
    @JsonProperty("gpu")
    GPU,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Number formats that a model server computes in. */
  public enum Dtype {
    @JsonProperty("bfloat16")
    BFLOAT16,
    @JsonProperty("float16")
    FLOAT16,
    @JsonProperty("float32")
    FLOAT32,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }
}
