package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Reference;
import java.util.Objects;
import java.util.Optional;

/**
 * What to answer and how.
 *
 * @param arm how the prompt is made
 * @param part which items
 * @param shots examples in the prompt, drawn from train; 0 for none
 * @param spec the resolved spec
 * @param criteria the frozen criteria
 * @param dataset tree manifest of the dataset
 * @param model tree manifest of the model folder that the engine loads
 * @param adapter tree manifest of an adapter to load beside it; empty: none
 * @param salt mixed into the input hash; empty unless the run is {@code --fresh}
 * @param variant which arm of its kind: {@code nearest} of few-shot, the name of a hosted model;
 *     empty: the only one, or the usual one
 */
public record AnswerJob(
    String run,
    Arm arm,
    Part part,
    int shots,
    Reference spec,
    Reference criteria,
    Reference dataset,
    Reference model,
    Optional<Reference> adapter,
    String salt,
    String variant) {
  public AnswerJob {
    variant = Objects.requireNonNullElse(variant, "");
  }
}
