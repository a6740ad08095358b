package io.fettle.workflows.evaluation;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.workflows.wire.Copies;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What an evaluation measures, frozen and hashed before training. Two results with different hashes
 * are never compared.
 *
 * @param format version of this form
 * @param task a word of {@link io.fettle.workflows.spec.EvaluateSpec.Task}
 * @param metric a word of {@link io.fettle.workflows.spec.EvaluateSpec.Metric}
 * @param labels of a classification; empty otherwise
 * @param systemPrompt of the prompted arms
 * @param maxTokens an answer may have
 * @param concurrency requests at once: batching alone flips near ties
 * @param fewShot numbers of examples to choose among on dev
 * @param margin of superiority over the best prompted arm, as a fraction (0.1 = ten points)
 * @param loss the most that quantizing may cost against the merged parent, as a fraction
 * @param alpha chance of a wrong PASS of each condition, as {@link #oneSidedAlpha} reads it
 * @param resamples of the paired bootstrap
 * @param seed of the bootstrap and of the choice of examples
 * @param scoring what else changes a mark; absent, and absent from the hash, where nothing does
 * @param limits what the gate asks besides the score; absent, and absent from the hash, where it
 *     asks nothing
 * @param arms beside zero-shot and few-shot with random examples; empty: none
 */
public record Criteria(
    int format,
    String task,
    String metric,
    List<String> labels,
    String systemPrompt,
    int maxTokens,
    int concurrency,
    List<Integer> fewShot,
    double margin,
    double loss,
    double alpha,
    int resamples,
    long seed,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable Scoring scoring,
    @JsonInclude(JsonInclude.Include.NON_NULL) @Nullable GateLimits limits,
    @JsonInclude(JsonInclude.Include.NON_ABSENT) // criteria without them hash as they did
        Optional<ArmCriteria> arms) {
  public Criteria {
    labels = Copies.list(labels);
    fewShot = Copies.list(fewShot);
    arms = Objects.requireNonNullElse(arms, Optional.empty());
  }

  /** The first format shared alpha between both sides; a run that froze it is judged by that. */
  public double oneSidedAlpha() {
    return format < 2 ? alpha / 2 : alpha;
  }
}
