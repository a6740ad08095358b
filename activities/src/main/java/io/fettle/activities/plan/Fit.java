package io.fettle.activities.plan;

import io.fettle.workflows.spec.Spec;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/**
 * How a step's rows are cut so that training fits.
 *
 * @param microBatch rows at once
 * @param recompute whether activations are computed again
 * @param memory the estimate
 */
record Fit(int microBatch, boolean recompute, Memory memory) {
  /**
   * Estimates err: what is chosen here keeps this share of the memory free, what the user chose may
   * use all.
   */
  private static final double HEADROOM = 0.15;

  /** A larger one fills a GPU better; a CPU is full at once, and padding only grows. */
  private static final int LARGEST_ON_GPU = 16;

  private static final int LARGEST_ON_CPU = 4;
  private static final int SMALLEST_GLOBAL_BATCH = 16;

  /**
   * Below this a GPU idles, so recomputing with more rows is faster than keeping activations with
   * fewer.
   */
  private static final int ENOUGH_FOR_A_GPU = 4;

  /**
   * The largest micro batch that fits, without recomputing where there is room. Where nothing
   * leaves the headroom, the least that can be tried: see {@link #fits}.
   */
  static Fit choose(Spec spec, ModelShape model, Hardware hardware, boolean bf16) {
    var candidates = candidates(spec, model, hardware, bf16);
    double usable = hardware.usableBytes() * (1 - HEADROOM);
    return candidates.stream()
        .filter(fit -> fit.memory().total() <= usable)
        .findFirst()
        .orElseGet(candidates::getLast);
  }

  boolean fitsWell(Hardware hardware) {
    return memory.total() <= hardware.usableBytes() * (1 - HEADROOM);
  }

  boolean fits(Hardware hardware) {
    return memory.total() <= hardware.usableBytes();
  }

  /** Best first, least memory last. */
  private static List<Fit> candidates(
      Spec spec, ModelShape model, Hardware hardware, boolean bf16) {
    var micros = microBatches(spec, hardware);
    var recompute = spec.train().gradientCheckpointing();
    int enough = hardware.gpu() ? Math.min(ENOUGH_FOR_A_GPU, micros.getFirst()) : 1;
    var candidates = new ArrayList<Fit>();
    if (recompute == null || !recompute) {
      micros.stream()
          .filter(m -> m >= enough || recompute != null)
          .forEach(m -> candidates.add(of(spec, model, hardware, bf16, m, false)));
    }
    if (recompute == null || recompute) {
      micros.forEach(m -> candidates.add(of(spec, model, hardware, bf16, m, true)));
    }
    return candidates;
  }

  private static List<Integer> microBatches(Spec spec, Hardware hardware) {
    var given = spec.train().microBatchSize();
    if (given != null) return List.of(given);
    int global = Objects.requireNonNullElse(spec.train().globalBatchSize(), SMALLEST_GLOBAL_BATCH);
    int largest = Math.min(global, hardware.gpu() ? LARGEST_ON_GPU : LARGEST_ON_CPU);
    return IntStream.rangeClosed(1, largest)
        .filter(m -> global % m == 0)
        .boxed()
        .toList()
        .reversed();
  }

  private static Fit of(
      Spec spec, ModelShape model, Hardware hardware, boolean bf16, int micro, boolean recompute) {
    int tokens =
        Math.min(
            spec.data().maxLength(),
            Objects.requireNonNullElse(spec.data().maxTokens(), Integer.MAX_VALUE));
    var load = new Memory.Load(spec.method(), bf16, micro, tokens, recompute, hardware.gpu());
    return new Fit(micro, recompute, Memory.of(model, load));
  }
}
