package io.fettle.workflows.spec;

import com.fasterxml.jackson.annotation.JsonEnumDefaultValue;
import com.fasterxml.jackson.annotation.JsonProperty;
import org.jspecify.annotations.Nullable;

/**
 * The training itself. Null means auto: the plan decides, what depends on the number of rows once
 * prepare has counted them. Steps are optimizer steps, batches are rows. Exactly one of {@code
 * numEpochs} and {@code maxSteps} is set.
 */
public record TrainSpec(
    @Setting(
            value =
                "Highest learning rate, reached after the warm-up; auto is 2e-4 for lora and qlora, 2e-5 for full",
            auto = true,
            min = 1e-8,
            max = 1,
            hint = "2e-4 for lora and qlora, 2e-5 for full")
        @JsonProperty("learning_rate")
        @Nullable Double learningRate,
    @Setting(
            value = "Passes over the training rows",
            fallback = "3",
            min = 0.01,
            max = 1000,
            hint = "2 or 3 is usual",
            unless = "max_steps")
        @JsonProperty("num_epochs")
        @Nullable Double numEpochs,
    @Setting(
            value = "Optimizer steps, instead of num_epochs",
            min = 1,
            max = 100_000_000,
            unless = "num_epochs")
        @JsonProperty("max_steps")
        @Nullable Integer maxSteps,
    @Setting(
            value = "Rows a step, over all devices; auto is 16 below 2,000 rows, else 32",
            auto = true,
            min = 1,
            max = 65_536,
            hint = "16 or 32 is usual")
        @JsonProperty("global_batch_size")
        @Nullable Integer globalBatchSize,
    @Setting(
            value =
                "Rows at once on one device; the rest of the batch is accumulated. auto is the most that fits",
            auto = true,
            min = 1,
            max = 4096,
            hint = "leave it out, or a divisor of global_batch_size")
        @JsonProperty("micro_batch_size")
        @Nullable Integer microBatchSize,
    @Setting(value = "How the learning rate falls after the warm-up", fallback = "cosine")
        @JsonProperty("lr_scheduler")
        Scheduler lrScheduler,
    @Setting(
            value = "Share of the steps in which the learning rate rises",
            fallback = "0.05",
            min = 0,
            max = 0.5)
        @JsonProperty("warmup_ratio")
        double warmupRatio,
    @Setting(value = "AdamW's weight decay", fallback = "0.0", min = 0, max = 1)
        @JsonProperty("weight_decay")
        double weightDecay,
    @Setting(
            value = "Longest gradient, by norm; longer ones are scaled down",
            fallback = "1.0",
            min = 0.001,
            max = 1000)
        @JsonProperty("max_grad_norm")
        double maxGradNorm,
    @Setting(
            value = "Seed of the adapter's start, the order of the rows and the dropout",
            fallback = "42",
            min = 0,
            max = Integer.MAX_VALUE)
        int seed,
    @Setting(
            value =
                "Number format of the training; auto is bf16 on a GPU that has it, fp32 on a CPU",
            fallback = "auto")
        Precision precision,
    @Setting(
            value =
                "Compute activations again instead of keeping them; auto is true unless the plan shows room without it",
            auto = true)
        @JsonProperty("gradient_checkpointing")
        @Nullable Boolean gradientCheckpointing,
    @Setting(
            value = "Threads of the trainer on a CPU; auto is its cores",
            auto = true,
            min = 1,
            max = 1024)
        @Nullable Integer threads,
    @Setting(
            value =
                "Steps between two looks at the dev loss; auto is a tenth of all steps, at most 100",
            auto = true,
            min = 1,
            max = 1_000_000)
        @JsonProperty("eval_every_steps")
        @Nullable Integer evalEverySteps,
    @Setting(
            "Whether training ends when the dev loss no longer falls; the best checkpoint by dev loss is then the result")
        @JsonProperty("early_stopping")
        EarlyStopping earlyStopping) {

  /** How the learning rate falls. */
  public enum Scheduler {
    @JsonProperty("cosine")
    COSINE,
    @JsonProperty("linear")
    LINEAR,
    @JsonProperty("constant")
    CONSTANT,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** Number formats of the computation. */
  public enum Precision {
    @JsonProperty("auto")
    AUTO,
    @JsonProperty("bf16")
    BF16,
    @JsonProperty("fp32")
    FP32,
    @JsonEnumDefaultValue
    @JsonProperty("unknown")
    UNKNOWN
  }

  /** When a training that no longer improves ends. */
  public record EarlyStopping(
      @Setting(value = "False: train all steps and keep the last checkpoint", fallback = "true")
          boolean enabled,
      @Setting(
              value = "Looks at the dev loss without improvement before training ends",
              fallback = "3",
              min = 1,
              max = 1000)
          int patience,
      @Setting(
              value = "Smallest fall of the dev loss that counts, in nats a token",
              fallback = "0.0",
              min = 0,
              max = 10)
          @JsonProperty("min_delta")
          double minDelta) {}
}
