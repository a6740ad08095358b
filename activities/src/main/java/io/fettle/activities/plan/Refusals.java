package io.fettle.activities.plan;

import io.fettle.workflows.spec.DeploySpec.Dtype;
import io.fettle.workflows.spec.DeploySpec.Engine;
import io.fettle.workflows.spec.DeploySpec.Target;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import io.fettle.workflows.spec.QuantizeSpec.Scheme;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec.Precision;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * What cannot work, known before anything is leased: each a sentence with the value and the fix.
 */
final class Refusals {
  private static final double FP8_CAPABILITY = 8.9;
  private static final double INT_CAPABILITY = 7.5;

  /**
   * Head sizes that vLLM's CPU attention computes; with others the first token fails, after the
   * server says that it is up.
   */
  private static final Set<Integer> CPU_HEAD_SIZES =
      Set.of(32, 64, 80, 96, 112, 128, 160, 192, 224, 256, 512);

  private final Spec spec;
  private final ModelShape model;
  private final Hardware hardware;
  private final List<String> found = new ArrayList<>();

  private Refusals(Spec spec, ModelShape model, Hardware hardware) {
    this.spec = spec;
    this.model = model;
    this.hardware = hardware;
  }

  /** Of a resolved spec. */
  static List<String> of(
      Spec resolved, ModelShape model, Hardware hardware, SpecPolicy policy, Fit fit) {
    var refusals = new Refusals(resolved, model, hardware);
    refusals.memory(fit);
    refusals.lengths();
    refusals.adapter(policy);
    refusals.template();
    refusals.precision();
    refusals.serving();
    return List.copyOf(refusals.found);
  }

  private void memory(Fit fit) {
    if (fit.fits(hardware)) return;
    found.add(
        "training needs about %s, and %s gives %s: %s; lower data.max_length (%d)%s, or take a larger shape"
            .formatted(
                Bytes.show(fit.memory().total()),
                hardware.shape(),
                Bytes.show(hardware.usableBytes()),
                fit.memory().largest(),
                spec.data().maxLength(),
                lighter()));
  }

  private String lighter() {
    return switch (spec.method().tuning()) {
      case FULL -> ", take method.tuning: lora";
      case LORA -> ", take method.tuning: qlora";
      case QLORA, UNKNOWN -> ", take a smaller base model";
    };
  }

  private void lengths() {
    if (spec.data().maxLength() > model.maxLength()) {
      found.add(
          "data.max_length is %d; this model takes at most %d tokens: lower it"
              .formatted(spec.data().maxLength(), model.maxLength()));
    }
    var length = spec.deploy().maxModelLen();
    if (length != null && length > model.maxLength()) {
      found.add(
          "deploy.max_model_len is %d; this model takes at most %d tokens: lower it"
              .formatted(length, model.maxLength()));
    }
  }

  private void adapter(SpecPolicy policy) {
    if (spec.method().tuning() == Tuning.FULL) return;
    var lora = spec.method().lora();
    if (lora.r() > policy.maxLoraRank()) {
      found.add(
          "method.lora.r is %d; the model servers load at most %d: lower it"
              .formatted(lora.r(), policy.maxLoraRank()));
    }
    var known = model.linears().keySet();
    var unknown =
        lora.targetModules().stream()
            .filter(t -> !t.equals("all-linear") && !known.contains(t))
            .toList();
    if (!unknown.isEmpty()) {
      found.add(
          "method.lora.target_modules has %s; this model's linear layers are %s"
              .formatted(String.join(", ", unknown), String.join(", ", known)));
    }
    if (known.isEmpty())
      found.add(
          "this model has no linear layer that an adapter could sit on; take method.tuning: full");
  }

  private void template() {
    if (model.hasChatTemplate() || spec.model().chatTemplate() != null) return;
    found.add("the base model has no chat template; take its chat or instruct variant");
  }

  private void precision() {
    if (spec.train().precision() == Precision.BF16 && hardware.gpu() && !hardware.trainsInBf16()) {
      found.add(
          "train.precision is bf16; %s computes none: write fp32".formatted(hardware.shape()));
    }
  }

  private void serving() {
    if (spec.deploy().engine() == Engine.NONE) return;
    var target = spec.deploy().target();
    if (target == Target.GPU && !hardware.gpu())
      found.add("deploy.target is gpu; there is none here: write cpu, or auto");
    if (spec.deploy().engine() != Engine.VLLM) return;
    if (!hardware.runsVllm())
      found.add("deploy.engine is vllm, which has no build for this system; write transformers");
    if (target == Target.CPU && !CPU_HEAD_SIZES.contains(model.headSize())) {
      found.add(
          "deploy.engine is vllm on a CPU, which computes no attention heads of %d; write engine: transformers"
              .formatted(model.headSize()));
    }
    if (target == Target.GPU) capability();
  }

  private void capability() {
    if (spec.deploy().dtype() == Dtype.BFLOAT16 && !hardware.bf16()) {
      found.add(
          "deploy.dtype is bfloat16; %s computes none: write float16, or auto"
              .formatted(hardware.shape()));
    }
    var scheme = spec.quantize().scheme();
    double needed = scheme == Scheme.FP8_DYNAMIC ? FP8_CAPABILITY : INT_CAPABILITY;
    if (scheme != Scheme.NONE && hardware.computeCapability() < needed) {
      found.add(
          "quantize.scheme is %s, which needs compute capability %s; %s has %s: write auto"
              .formatted(
                  scheme.name().toLowerCase(java.util.Locale.ROOT),
                  needed,
                  hardware.shape(),
                  hardware.computeCapability()));
    }
  }
}
