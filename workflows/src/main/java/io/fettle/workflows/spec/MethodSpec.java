package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Copies;
import java.util.List;

/**
 * How the model is tuned. {@code lora} is read for LoRA and QLoRA only. QLoRA: NF4, double
 * quantization, bf16 compute.
 */
public record MethodSpec(
    @Setting(
            value =
                "lora: an adapter on the 16-bit base; qlora: an adapter on the base in 4 bits; full: every weight",
            fallback = "qlora")
        Tuning tuning,
    @Setting("The adapter (lora, qlora)") Lora lora) {

  /** Which weights learn. */
  public enum Tuning {
    @JsonProperty("lora")
    LORA,
    @JsonProperty("qlora")
    QLORA,
    @JsonProperty("full")
    FULL,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /**
   * The adapter's shape: for a linear layer of [out, in], A[r, in] and B[out, r], scaled by alpha /
   * r.
   */
  public record Lora(
      @Setting(
              value = "Rank of the adapter",
              fallback = "16",
              min = 1,
              max = 4096,
              hint = "16 is a good start")
          int r,
      @Setting(
              value = "Scale of the adapter: its output is multiplied by alpha / r",
              fallback = "32",
              min = 1,
              max = 16384,
              hint = "twice r is usual")
          int alpha,
      @Setting(
              value = "Share of the adapter's input that is dropped while training",
              fallback = "0.05",
              min = 0,
              max = 0.9,
              hint = "0.05 is usual, 0 for many rows")
          double dropout,
      @Setting(
              value = "Names of the layers that get an adapter, or all-linear",
              fallback = "[all-linear]",
              min = 1,
              max = 64,
              hint = "all-linear, or a list such as [q_proj, v_proj]")
          @JsonProperty("target_modules")
          List<String> targetModules,
      @Setting(value = "Scale by alpha / sqrt(r) instead, for large ranks", fallback = "false")
          @JsonProperty("use_rslora")
          boolean useRslora) {

    public Lora {
      targetModules = Copies.list(targetModules);
    }
  }
}
