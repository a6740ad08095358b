package io.fettle.activities.plan;

import static com.fasterxml.jackson.annotation.JsonInclude.Include.NON_NULL;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.spec.MethodSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.TrainSpec;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * {@code training.json}: the trainer's config without run, lease, paths and remedy, which the agent
 * adds.
 *
 * @param lora absent for full
 * @param earlyStopping absent where it is off
 * @param checkpoint left out of the train step's input hash: when state is saved does not change
 *     the result
 */
record TrainerConfig(
    MethodSpec.Tuning tuning,
    @Nullable Adapter lora,
    @JsonProperty("max_length") int maxLength,
    @JsonProperty("global_batch_size") int globalBatchSize,
    @JsonProperty("micro_batch_size") int microBatchSize,
    @JsonProperty("gradient_checkpointing") boolean gradientCheckpointing,
    @JsonProperty("chunked_loss") boolean chunkedLoss,
    @JsonProperty("learning_rate") double learningRate,
    @JsonProperty("lr_scheduler") TrainSpec.Scheduler lrScheduler,
    @JsonProperty("warmup_ratio") double warmupRatio,
    @JsonProperty("num_epochs") double numEpochs,
    @JsonProperty("max_steps") int maxSteps,
    @JsonProperty("weight_decay") double weightDecay,
    @JsonProperty("max_grad_norm") double maxGradNorm,
    int seed,
    TrainSpec.Precision precision,
    @Nullable Integer threads,
    @JsonProperty("eval_every_steps") @Nullable Integer evalEverySteps,
    @JsonProperty("early_stopping") @Nullable Patience earlyStopping,
    @Nullable Cadence checkpoint) {

  private static final List<String> ALL_LINEAR = List.of("all-linear");
  private static final int KEPT_ANYHOW = 3;
  private static final int FEW_ROWS = 2_000;
  private static final int MOST_STEPS_BETWEEN_EVALS = 100;

  /** The trainer's adapter: the word {@code all-linear}, or a list of names. */
  record Adapter(
      int r,
      int alpha,
      double dropout,
      @JsonProperty("target_modules") Object targetModules,
      @JsonProperty("use_rslora") boolean useRslora) {
    static Adapter of(MethodSpec.Lora lora) {
      var targets = lora.targetModules();
      Object named = targets.equals(ALL_LINEAR) ? ALL_LINEAR.getFirst() : targets;
      return new Adapter(lora.r(), lora.alpha(), lora.dropout(), named, lora.useRslora());
    }
  }

  /** The trainer's early stopping. */
  record Patience(int patience, @JsonProperty("min_delta") double minDelta) {}

  /**
   * When the trainer saves. The agent, which publishes, takes the keys of what stays; they are left
   * out where they are the default, which older agents do not know.
   */
  record Cadence(
      @JsonProperty("every_steps") int everySteps,
      @JsonProperty("every_seconds") double everySeconds,
      @JsonProperty("min_seconds") double minSeconds,
      @JsonProperty("keep_last") @JsonInclude(NON_NULL) @Nullable Integer keepLast,
      @JsonProperty("keep_every") @JsonInclude(NON_NULL) @Nullable Integer keepEvery) {}

  /** Of a resolved spec and the parts that prepare counted; rows are at least one. */
  static TrainerConfig of(Spec spec, int trainRows, int devRows) {
    var train = spec.train();
    var method = spec.method();
    int planned = Objects.requireNonNull(train.microBatchSize(), "the plan resolves it");
    int batch = batch(train, trainRows, planned);
    int steps = steps(train, trainRows, batch);
    var early = train.earlyStopping();
    return new TrainerConfig(
        method.tuning(),
        method.tuning() == MethodSpec.Tuning.FULL ? null : Adapter.of(method.lora()),
        spec.data().maxLength(),
        batch,
        Math.min(planned, batch),
        Objects.requireNonNull(train.gradientCheckpointing(), "the plan resolves it"),
        false,
        Objects.requireNonNull(train.learningRate(), "the plan resolves it"),
        train.lrScheduler(),
        train.warmupRatio(),
        train.numEpochs() == null ? (double) steps * batch / trainRows : train.numEpochs(),
        steps,
        train.weightDecay(),
        train.maxGradNorm(),
        train.seed(),
        train.precision(),
        train.threads(),
        devRows == 0 ? null : evalEvery(train, steps),
        early.enabled() ? new Patience(early.patience(), early.minDelta()) : null,
        cadence(spec));
  }

  private static Cadence cadence(Spec spec) {
    var checkpoint = spec.checkpoint();
    return new Cadence(
        checkpoint.everySteps(),
        checkpoint.every().toSeconds(),
        checkpoint.minInterval().toSeconds(),
        checkpoint.keepLast() == KEPT_ANYHOW ? null : checkpoint.keepLast(),
        checkpoint.keepEvery());
  }

  /**
   * Rows a step: 16 below 2,000 rows, else 32; of fewer rows than that, as many whole micro batches
   * as there are.
   */
  private static int batch(TrainSpec train, int rows, int micro) {
    if (train.globalBatchSize() != null) return train.globalBatchSize();
    int usual = Math.ceilDiv(rows < FEW_ROWS ? 16 : 32, micro) * micro;
    return rows >= usual ? usual : Math.max(1, rows < micro ? rows : rows / micro * micro);
  }

  /** As the trainer counts: whole visits over all epochs, the last step may be short. */
  private static int steps(TrainSpec train, int rows, int batch) {
    if (train.maxSteps() != null) return train.maxSteps();
    double epochs = Objects.requireNonNull(train.numEpochs(), "a spec has epochs or steps");
    return (int) Math.max(1, Math.ceilDiv((long) Math.rint(rows * epochs), batch));
  }

  private static int evalEvery(TrainSpec train, int steps) {
    int usual = Math.clamp(steps / 10, 1, MOST_STEPS_BETWEEN_EVALS);
    return Math.min(steps, Objects.requireNonNullElse(train.evalEverySteps(), usual));
  }

  /** Without what does not change the result. */
  TrainerConfig withoutCadence() {
    return new TrainerConfig(
        tuning,
        lora,
        maxLength,
        globalBatchSize,
        microBatchSize,
        gradientCheckpointing,
        chunkedLoss,
        learningRate,
        lrScheduler,
        warmupRatio,
        numEpochs,
        maxSteps,
        weightDecay,
        maxGradNorm,
        seed,
        precision,
        threads,
        evalEverySteps,
        earlyStopping,
        null);
  }
}
