package io.fettle.activities.evaluation;

import io.fettle.activities.evaluation.suite.RegressionSuite;
import io.fettle.activities.serving.Serving;
import io.fettle.workflows.evaluation.AnswerActivities;
import io.fettle.workflows.evaluation.AnswerLookupActivities;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.EvaluationActivities;
import io.fettle.workflows.evaluation.GateLimits;
import io.fettle.workflows.spec.EvaluateSpec;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Builds the activities of evaluation, and freezes criteria. */
public final class Evaluation {
  private static final int FORMAT = 2;

  private Evaluation() {}

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
   * What a spec asks to be measured; the client freezes it before the run starts.
   *
   * @throws IOException if a file that the spec names for scoring cannot be read
   */
  public static Criteria criteria(Spec spec) throws IOException {
    EvaluateSpec evaluate = spec.evaluate();
    return new Criteria(
        FORMAT,
        evaluate.task().name().toLowerCase(Locale.ROOT),
        metric(evaluate).name().toLowerCase(Locale.ROOT),
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
        limits(evaluate.gate()));
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
