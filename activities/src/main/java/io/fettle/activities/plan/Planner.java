package io.fettle.activities.plan;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.spec.DeploySpec.Dtype;
import io.fettle.workflows.spec.DeploySpec.Engine;
import io.fettle.workflows.spec.DeploySpec.Target;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.spec.MethodSpec.Tuning;
import io.fettle.workflows.spec.ModelSpec;
import io.fettle.workflows.spec.QuantizeSpec.Scheme;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.spec.SpecPolicy;
import io.fettle.workflows.spec.TrainSpec.Precision;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;

/**
 * Resolves every {@code auto} that the model and the hardware decide, estimates memory and refuses
 * what cannot work.
 */
public final class Planner {
  private static final double FP8_CAPABILITY = 8.9;
  private static final double INT_CAPABILITY = 7.5;
  private static final int SHORTEST_CONTEXT = 1024;
  private static final int LONGEST_CONTEXT = 8192;

  /** Of a passage, where the vocabulary is a poor fit. */
  private static final int TOKENS_A_WORD = 2;

  private static final int CONTEXT_STEP = 256;

  /** Percent of the rows that a learning curve trains on. */
  static final List<Integer> CURVE = List.of(25, 50);

  private final Hardware hardware;
  private final SpecPolicy policy;
  private final Pools pools;

  public Planner(Hardware hardware, SpecPolicy policy) {
    this(hardware, policy, List::of);
  }

  /**
   * @param hardware this machine's
   */
  public Planner(Hardware hardware, SpecPolicy policy, Pools pools) {
    this.hardware = hardware;
    this.policy = policy;
    this.pools = pools;
  }

  /** The pools beside the local one, as they are just now. */
  public interface Pools {
    List<Pool> now() throws IOException;
  }

  /**
   * What a pool can be asked for.
   *
   * @param launches whether its machines are launched for a run and end with it
   * @param anyGpu whether a shape says no more than how many GPUs there are, so that another model
   *     than the shape's may come
   */
  public record Pool(String name, List<Candidate> candidates, boolean launches, boolean anyGpu) {
    public Pool {
      candidates = List.copyOf(candidates);
    }

    public Pool(String name, List<Candidate> candidates, boolean launches) {
      this(name, candidates, launches, false);
    }

    /** Of a cluster whose GPUs nobody named. */
    public static Pool ofAnyGpu(String name, List<Candidate> candidates) {
      return new Pool(name, candidates, true, true);
    }

    /** Of machines that stay. */
    public Pool(String name, List<Candidate> candidates) {
      this(name, candidates, false);
    }
  }

  /**
   * A machine type of a pool, under the shape's name.
   *
   * @param gpus of one machine; a trainer uses one
   * @param peak trillions of operations a second in the precision of training; 0: not known
   * @param spotDollars an hour; -1: not known, or not offered
   * @param onDemandDollars an hour; -1: not known, or not offered
   * @param there whether {@code auto} may choose it: a machine that is known alone is asked for by
   *     name
   * @param assumed whether the hardware is this machine's, for want of better
   */
  public record Candidate(
      Hardware hardware,
      int gpus,
      double peak,
      double spotDollars,
      double onDemandDollars,
      boolean there,
      boolean assumed) {
    Candidate(
        Hardware hardware,
        int gpus,
        double peak,
        double spotDollars,
        double onDemandDollars,
        boolean there) {
      this(hardware, gpus, peak, spotDollars, onDemandDollars, there, false);
    }

    /** An hour; where the market's own is not known, another's. -1: none is known. */
    double dollars(Market market) {
      double wanted = market == Market.SPOT ? spotDollars : onDemandDollars;
      return wanted >= 0 ? wanted : Math.max(spotDollars, onDemandDollars);
    }
  }

  /**
   * What a plan says, or why there is none.
   *
   * @param spec the resolved spec; only what depends on the number of rows is still {@code auto}
   * @param memoryBytes estimated peak of training
   * @param memoryAvailableBytes what the hardware gives to a trainer
   * @param dollars that training is expected to cost; 0 on machines that one has, -1: not known
   * @param others where the run could go on instead, by pool
   * @param notes decisions worth reading, a sentence each
   * @param refusals what cannot work, a sentence each; empty where the plan stands
   */
  public record Outcome(
      Spec spec,
      String shape,
      long parameters,
      long trainedParameters,
      long memoryBytes,
      long memoryAvailableBytes,
      double dollars,
      List<PoolShapes> others,
      List<String> notes,
      List<String> refusals) {
    public Outcome {
      others = List.copyOf(others);
      notes = List.copyOf(notes);
      refusals = List.copyOf(refusals);
    }
  }

  /**
   * Plans for a model that lies in a folder.
   *
   * @throws IOException if the folder holds no model that can be read; the message says what is
   *     missing
   */
  public Outcome plan(Spec spec, Path model) throws IOException {
    return plan(spec, ModelShape.read(ModelFiles.in(model)));
  }

  /** Plans for a model that lies in the store, under its tree manifest. */
  public Outcome plan(Spec spec, ObjectStore store, Reference model) throws IOException {
    return plan(spec, ModelShape.read(ModelFiles.in(store, model)));
  }

  Outcome plan(Spec spec, ModelShape model) throws IOException {
    var choice = new Choice(spec, hardware, pools.now());
    return new Selection(spec, model, policy, choice).outcome(hardware);
  }

  /** A plan for this hardware, whoever has it. */
  record Draft(Spec resolved, Fit fit, List<String> notes, List<String> refusals) {}

  Draft draft(Spec spec, ModelShape model) {
    boolean bf16 = isBf16(spec);
    var fit = Fit.choose(spec, model, hardware, bf16);
    var resolved = resolve(spec, model, bf16, fit);
    return new Draft(
        resolved,
        fit,
        notes(spec, resolved, fit),
        Refusals.of(resolved, model, hardware, policy, fit));
  }

  static long trained(Spec spec, ModelShape model) {
    return spec.method().tuning() == Tuning.FULL
        ? model.parameters()
        : Memory.adapterParameters(model, spec.method().lora());
  }

  /** QLoRA computes in bf16 everywhere; else a CPU, and a GPU without bf16, computes in fp32. */
  private boolean isBf16(Spec spec) {
    return switch (spec.train().precision()) {
      case BF16 -> true;
      case FP32 -> false;
      case AUTO, UNKNOWN ->
          hardware.trainsInBf16() || (spec.method().tuning() == Tuning.QLORA && !hardware.gpu());
    };
  }

  private Spec resolve(Spec spec, ModelShape model, boolean bf16, Fit fit) {
    ObjectNode tree = Wire.mapper().valueToTree(spec);
    var train = tree.withObject("/train");
    train.put("precision", bf16 ? "bf16" : "fp32");
    train.put("micro_batch_size", fit.microBatch());
    train.put("gradient_checkpointing", fit.recompute());
    if (spec.train().learningRate() == null)
      train.put("learning_rate", spec.method().tuning() == Tuning.FULL ? 2e-5 : 2e-4);
    if (spec.train().threads() == null && !hardware.gpu()) train.put("threads", hardware.cores());
    if (spec.model().dtype() == ModelSpec.Dtype.AUTO)
      tree.withObject("/model").put("dtype", bf16 ? "bfloat16" : "float32");
    var engine = engine(spec);
    var target = target(spec);
    var deploy = tree.withObject("/deploy");
    deploy.set("engine", Wire.mapper().valueToTree(engine));
    deploy.set("target", Wire.mapper().valueToTree(target));
    if (spec.deploy().maxModelLen() == null) deploy.put("max_model_len", context(spec, model));
    if (spec.deploy().dtype() == null)
      deploy.set("dtype", Wire.mapper().valueToTree(servingDtype(target)));
    tree.withObject("/quantize")
        .set("scheme", Wire.mapper().valueToTree(scheme(spec, engine, target)));
    if (spec.capacity().shape() == null)
      tree.withObject("/capacity").put("shape", hardware.shape());
    try {
      return Wire.mapper().treeToValue(tree, Spec.class);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a resolved spec is no spec: " + e.getOriginalMessage(), e);
    }
  }

  private Engine engine(Spec spec) {
    if (spec.deploy().engine() != Engine.AUTO) return spec.deploy().engine();
    return hardware.runsVllm() ? Engine.VLLM : Engine.TRANSFORMERS;
  }

  private Target target(Spec spec) {
    if (spec.deploy().target() != Target.AUTO) return spec.deploy().target();
    return hardware.gpu() ? Target.GPU : Target.CPU;
  }

  private Dtype servingDtype(Target target) {
    if (hardware.bf16()) return Dtype.BFLOAT16;
    return target == Target.CPU ? Dtype.FLOAT32 : Dtype.FLOAT16;
  }

  private Scheme scheme(Spec spec, Engine engine, Target target) {
    if (spec.quantize().scheme() != Scheme.AUTO) return spec.quantize().scheme();
    if (engine != Engine.VLLM) return Scheme.NONE;
    if (target == Target.CPU) return Scheme.W8A8;
    if (hardware.computeCapability() >= FP8_CAPABILITY) return Scheme.FP8_DYNAMIC;
    return hardware.computeCapability() >= INT_CAPABILITY ? Scheme.W4A16 : Scheme.NONE;
  }

  /**
   * Room for the longest prompt with examples or passages and its answer, as the model takes it.
   */
  private static int context(Spec spec, ModelShape model) {
    long rows =
        1L + spec.evaluate().fewShot().k().stream().mapToInt(Integer::intValue).max().orElse(0);
    long row =
        Math.min(
            spec.data().maxLength(),
            Objects.requireNonNullElse(spec.data().maxTokens(), Integer.MAX_VALUE));
    var rag = spec.evaluate().rag();
    long passages = rag == null ? 0 : (long) rag.k() * rag.chunkWords() * TOKENS_A_WORD;
    long prompt = Math.max(rows * row, row + passages);
    long needed =
        Math.ceilDiv(prompt + spec.evaluate().maxTokens(), CONTEXT_STEP) * (long) CONTEXT_STEP;
    return Math.min(Math.clamp(needed, SHORTEST_CONTEXT, LONGEST_CONTEXT), model.maxLength());
  }

  private List<String> notes(Spec asked, Spec resolved, Fit fit) {
    var notes = new ArrayList<String>();
    var train = resolved.train();
    notes.add(
        "Training peaks at about %s of %s on %s, at %d rows of at most %d tokens at once, activations %s."
            .formatted(
                Bytes.show(fit.memory().total()),
                Bytes.show(hardware.usableBytes()),
                hardware.shape(),
                fit.microBatch(),
                resolved.data().maxTokens(),
                fit.recompute() ? "recomputed" : "kept"));
    if (asked.train().precision() == Precision.AUTO) {
      notes.add("Precision is %s on %s.".formatted(word(train.precision()), hardware.shape()));
    }
    if (asked.train().learningRate() == null) {
      notes.add(
          "Learning rate is %s, the default for %s."
              .formatted(
                  resolved.method().tuning() == Tuning.FULL ? "2e-5" : "2e-4",
                  word(resolved.method().tuning())));
    }
    if (asked.quantize().scheme() == Scheme.AUTO) {
      notes.add(
          "Quantization is %s, for %s on a %s."
              .formatted(
                  word(resolved.quantize().scheme()),
                  word(resolved.deploy().engine()),
                  word(resolved.deploy().target())));
    }
    asked.evaluate().unlabelled().ifPresent(notes::add);
    learningCurve(asked).ifPresent(notes::add);
    return notes;
  }

  /** What a learning curve costs, in the measure that is known before any row is read. */
  public static Optional<String> learningCurve(Spec asked) {
    var advise = asked.evaluate().advise();
    if (advise == null || !advise.curve()) {
      return Optional.empty();
    }
    boolean fixed = asked.train().maxSteps() != null;
    double trainings = fixed ? CURVE.size() : CURVE.stream().mapToInt(part -> part).sum() / 100.0;
    Double whole = advise.trainingDollars();
    return Optional.of(
        "The learning curve trains on 25 %% and then on 50 %% of the rows before the run trains on all: %s%s."
            .formatted(
                fixed
                    ? "two trainings more, each of train.max_steps steps"
                    : "together about three quarters of a training more",
                whole == null
                    ? ""
                    : String.format(
                        Locale.ROOT,
                        ", some %.2f dollars by evaluate.advise.training_dollars",
                        whole * trainings)));
  }

  private static String word(Enum<?> constant) {
    return constant.name().toLowerCase(Locale.ROOT);
  }
}
