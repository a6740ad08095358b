package io.fettle.activities.plan;

import io.fettle.workflows.spec.MethodSpec;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import java.util.List;

/**
 * Estimated peak of training on one device, in bytes.
 *
 * <p>P parameters, Pq of them in linear layers of the blocks, A adapter parameters = sum of r (in +
 * out); S tokens, B rows, H hidden, K key width, M feed-forward width, L layers, V vocabulary; w 4
 * bytes for fp32, 2 for bf16. Trained weights, gradients and AdamW's two moments are fp32.
 *
 * <ul>
 *   <li>weights: lora w P; qlora 0.516 Pq (NF4 with double quantization) + w (P - Pq); full 4 P,
 *       and 2 P of casts in bf16
 *   <li>adapter 4 A, gradients 4 A, optimizer 8 A (full: the same of P)
 *   <li>activations: w S B (14 H + 4 K + 5 M) a layer: block inputs, norms, projections, the gated
 *       product, and the adapters' dropped-out copies of their inputs; recomputed: w S B H a layer
 *       and one layer's all
 *   <li>logits: S B V (w + 4 + 4): logits, their fp32 copy, its gradient
 *   <li>fixed: 1.0 GB of libraries on a CPU; 1.4 GB of context and workspace on a GPU
 * </ul>
 *
 * <p>Against measurements on SmolLM2-135M, r 8, four rows of 85 tokens, on a CPU: LoRA fp32 2.4 GB
 * estimated, 2.5 measured; LoRA bf16 1.8 and 1.8; QLoRA 1.7 and 1.8.
 */
record Memory(
    long weights,
    long adapter,
    long gradients,
    long optimizer,
    long activations,
    long logits,
    long fixed) {
  private static final double NF4_BYTES = 0.516;
  private static final long CPU_FIXED = 1_000_000_000L;
  private static final long GPU_FIXED = 1_400_000_000L;

  /** What the estimate depends on beside the model. */
  record Load(
      MethodSpec method,
      boolean bf16,
      int microBatch,
      int tokens,
      boolean recompute,
      boolean gpu) {}

  static Memory of(ModelShape model, Load load) {
    int w = load.bf16() ? 2 : 4;
    long p = model.parameters();
    long trained =
        load.method().tuning() == Tuning.FULL ? p : adapterParameters(model, load.method().lora());
    long weights =
        switch (load.method().tuning()) {
          case FULL -> load.bf16() ? 2 * p : 0;
          case QLORA ->
              Math.round(NF4_BYTES * model.linearWeights()) + w * (p - model.linearWeights());
          case LORA, UNKNOWN -> w * p;
        };
    return new Memory(
        weights,
        4 * trained,
        4 * trained,
        8 * trained,
        activations(model, load, w),
        logits(model, load, w),
        load.gpu() ? GPU_FIXED : CPU_FIXED);
  }

  static long adapterParameters(ModelShape model, MethodSpec.Lora lora) {
    var targets = lora.targetModules();
    return model.linears().entrySet().stream()
        .filter(e -> targets.contains("all-linear") || targets.contains(e.getKey()))
        .flatMap(e -> e.getValue().stream())
        .mapToLong(l -> (long) lora.r() * (l.in() + l.out()))
        .sum();
  }

  private static long activations(ModelShape model, Load load, int w) {
    long perWidth = (long) w * load.microBatch() * load.tokens();
    long layer =
        perWidth * (14L * model.hidden() + 4L * model.keyValue() + 5L * model.feedForward());
    if (!load.recompute()) return layer * model.layers();
    return perWidth * model.hidden() * model.layers() + layer;
  }

  private static long logits(ModelShape model, Load load, int w) {
    return (long) load.microBatch() * load.tokens() * model.vocabulary() * (w + 8);
  }

  long total() {
    return weights + adapter + gradients + optimizer + activations + logits + fixed;
  }

  /** The largest part and its word, for a refusal that names what to lower. */
  String largest() {
    record Part(String name, long bytes) {}
    return List.of(
            new Part("weights", weights + adapter),
            new Part("optimizer and gradients", gradients + optimizer),
            new Part("activations", activations),
            new Part("logits", logits))
        .stream()
        .max(java.util.Comparator.comparingLong(Part::bytes))
        .map(part -> "%s take %s".formatted(part.name(), Bytes.show(part.bytes())))
        .orElseThrow();
  }
}
