package io.fettle.benchmarks.tax;

import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.time.Duration;

/**
 * What both arms train: LoRA in fp32 on one thread, one micro-batch a step, so that the losses can
 * be compared bit for bit.
 *
 * @param steps optimizer steps
 * @param saveEvery steps between two checkpoints
 */
record Training(int steps, int saveEvery) {
  private static final int BATCH = 8;

  /**
   * {@code training.json}. No least time between two checkpoints: the agent then leaves the first
   * to the count of steps, and the interval that it computes from its cost is longer than the
   * count's.
   *
   * @param rows of the dataset
   */
  byte[] config(int rows) throws IOException {
    var config = Wire.mapper().createObjectNode();
    config.put("tuning", "lora").put("precision", "fp32").put("max_length", 512).put("threads", 1);
    config.putObject("lora").put("r", 8).put("alpha", 16).put("dropout", 0.05);
    config
        .put("global_batch_size", BATCH)
        .put("micro_batch_size", BATCH)
        .put("gradient_checkpointing", false);
    config.put("learning_rate", 2e-4).put("lr_scheduler", "cosine").put("warmup_ratio", 0.05);
    config.put("num_epochs", steps * BATCH / (double) rows).put("max_steps", steps).put("seed", 7);
    config
        .putObject("checkpoint")
        .put("every_steps", saveEvery)
        .put("every_seconds", 900)
        .put("min_seconds", 0);
    return Wire.mapper().writeValueAsBytes(config);
  }

  static Plan plan(Reference config) {
    return TrainWorkflow.Request.plan(
        config, "durability tax / lora r8", Duration.ofMinutes(15), 0, BATCH);
  }
}
