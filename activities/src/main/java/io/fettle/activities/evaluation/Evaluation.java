package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.Answering.Host;
import io.fettle.activities.evaluation.corpus.Corpus;
import io.fettle.activities.evaluation.retrieval.Embeddings;
import io.fettle.activities.evaluation.suite.RegressionSuite;
import io.fettle.activities.serving.ModelServer;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.serving.Serving;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores.Access;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Answers;
import io.fettle.workflows.evaluation.ArmCriteria;
import io.fettle.workflows.evaluation.Baselines;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.evaluation.ScoreJob;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Builds the activities of evaluation, and freezes criteria. */
public final class Evaluation {
  private static final int FORMAT = 2;

  private Evaluation() {}

  /** Something that a spec names cannot be used; the message says what to do. */
  public static final class Unusable extends IOException {
    private static final long serialVersionUID = 1;

    Unusable(IOException cause) {
      super(cause.getMessage(), cause);
    }
  }

  /** Answers items on a host, through its engines. */
  public static AnswerActivities answers(EvaluationOptions options, Serving serving) {
    return new AnswerStep(options, serving);
  }

  /** Looks for finished answers; {@code serving} tells which engine would answer. */
  public static AnswerLookupActivities lookup(EvaluationOptions options, Serving serving) {
    return new AnswerStep(options, serving);
  }

  /** Scores and decides. */
  public static EvaluationActivities activities(EvaluationOptions options) {
    return new Judgement(options);
  }

  /**
   * The answers of one arm, of a server that runs already and without an activity around it;
   * nothing is looked up or recorded.
   *
   * @param dataset folder of the job's dataset
   * @throws EngineFailure where the server does not answer
   */
  public static Answers answers(
      EvaluationOptions options, ModelServer server, Path dataset, AnswerJob job)
      throws IOException, InterruptedException, EngineFailure {
    Spec spec = Wire.mapper().readValue(options.store().read(job.spec()), Spec.class);
    Criteria criteria =
        Wire.mapper().readValue(options.store().read(job.criteria()), Criteria.class);
    try (Beat beat = Beat.unheard()) {
      return new Answering(options, Host.of(server, dataset), job, spec, criteria, beat)
          .answers(StepKey.of("answer", job, ""));
    }
  }

  /** {@link EvaluationActivities#scoreBaselines} without an activity around it. */
  public static Baselines baselines(EvaluationOptions options, ScoreJob job)
      throws IOException, InterruptedException {
    try (Beat beat = Beat.unheard()) {
      return new Judgement(options).baselines(job, beat);
    }
  }

  /**
   * What a spec asks to be measured; the client freezes it before the run starts.
   *
   * @param store gets the documents that passages come from
   * @param access how buckets with documents are reached
   * @throws Unusable where they, or a file that the spec names for scoring, cannot be used
   */
  public static Criteria criteria(Spec spec, ObjectStore store, Access access) throws IOException {
    EvaluateSpec evaluate = spec.evaluate();
    return new Criteria(
        FORMAT,
        word(evaluate.task()),
        word(metric(evaluate)),
        evaluate.labels(),
        instruction(evaluate),
        evaluate.maxTokens(),
        evaluate.concurrency(),
        evaluate.fewShot().k(),
        evaluate.gate().superiorityMargin(),
        evaluate.gate().nonInferiorityMargin(),
        evaluate.gate().alpha(),
        evaluate.gate().resamples(),
        spec.train().seed(),
        Freezing.scoring(evaluate),
        limits(evaluate.gate()),
        arms(evaluate, store, access));
  }

  private static @Nullable GateLimits limits(EvaluateSpec.Gate gate) {
    Double margin = gate.regressionMargin();
    boolean asked =
        margin != null || gate.maxP95Seconds() != null || gate.maxDollarsPerThousand() != null;
    return asked
        ? new GateLimits(
            gate.maxP95Seconds(),
            gate.maxDollarsPerThousand(),
            gate.dollarsPerHour(),
            margin,
            margin == null ? "" : RegressionSuite.sha256())
        : null;
  }

  /** Empty where nothing beyond the usual arms is asked for, as criteria always had it. */
  private static Optional<ArmCriteria> arms(EvaluateSpec evaluate, ObjectStore store, Access access)
      throws IOException {
    List<String> ways = evaluate.fewShot().choose().stream().map(Evaluation::word).toList();
    Optional<ArmCriteria.Passages> rag = passages(evaluate.rag(), store, access);
    boolean embeds =
        evaluate.fewShot().choose().contains(EvaluateSpec.Choose.NEAREST)
            || rag.filter(passages -> !passages.retriever().equals("bm25")).isPresent()
            || evaluate.classical();
    ArmCriteria arms =
        new ArmCriteria(
            ways,
            embeds ? Embeddings.sha256() : "",
            rag,
            Optional.ofNullable(evaluate.incumbent()).map(Evaluation::incumbent),
            evaluate.others().stream().map(Evaluation::endpoint).toList(),
            evaluate.classical());
    return arms.equals(ArmCriteria.NONE) ? Optional.empty() : Optional.of(arms);
  }

  private static Optional<ArmCriteria.Passages> passages(
      EvaluateSpec.@Nullable Rag rag, ObjectStore store, Access access) throws IOException {
    if (rag == null) {
      return Optional.empty();
    }
    try {
      String corpus =
          rag.corpus().equals(EvaluateSpec.Rag.TRAIN)
              ? ""
              : Corpus.freeze(rag.corpus(), store, access).sha256();
      return Optional.of(
          new ArmCriteria.Passages(corpus, rag.k(), word(rag.retriever()), rag.chunkWords()));
    } catch (Corpus.Unusable documents) {
      throw new Unusable(documents);
    }
  }

  /** Of an endpoint its name alone, so that a deploy opens no new series. */
  private static ArmCriteria.Endpoint incumbent(EvaluateSpec.Incumbent served) {
    return new ArmCriteria.Endpoint(
        Objects.requireNonNullElse(served.endpoint(), ""),
        Objects.requireNonNullElse(served.url(), ""),
        Objects.requireNonNullElse(served.model(), ""),
        0,
        0);
  }

  private static ArmCriteria.Endpoint endpoint(EvaluateSpec.Other other) {
    return new ArmCriteria.Endpoint(
        other.name(), other.url(), other.model(), other.priceIn(), other.priceOut());
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }

  private static EvaluateSpec.Metric metric(EvaluateSpec evaluate) {
    EvaluateSpec.Metric given = evaluate.metric();
    if (given != null) {
      return given;
    }
    return switch (evaluate.task()) {
      case CLASSIFICATION -> EvaluateSpec.Metric.MACRO_F1;
      case EXTRACTION -> EvaluateSpec.Metric.JSON_EXACT;
      case TOOL_CALLS -> EvaluateSpec.Metric.TOOL_CALLS_EXACT;
      case CODE -> EvaluateSpec.Metric.PASS_AT_1;
      case GENERATION, UNKNOWN -> EvaluateSpec.Metric.EXACT_MATCH;
    };
  }

  /** Prompted arms are told the labels; a tuned model has learnt them. */
  private static String instruction(EvaluateSpec evaluate) {
    return evaluate.labels().isEmpty()
        ? ""
        : "Answer with exactly one of these labels and nothing else: "
            + String.join(", ", evaluate.labels());
  }
}
