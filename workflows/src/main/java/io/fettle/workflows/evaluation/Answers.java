package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Reference;
import java.util.Objects;
import java.util.Optional;

/**
 * One arm's answers.
 *
 * @param file JSON lines {@code {"id", "answer", "reference", "seconds", "promptTokens",
 *     "answerTokens", "retrieved"?}} in item order; the last one has the ids of rows or passages in
 *     the prompt, nearest first
 * @param criteriaSha256 of the criteria that they were made under
 * @param engine which engine answered, with its version
 * @param items answered
 * @param seconds wall clock
 * @param reused whether the record was there already
 * @param variant as {@link AnswerJob} has it
 * @param retrieval what was searched; empty where the arm retrieves nothing
 */
public record Answers(
    Arm arm,
    Part part,
    int shots,
    Reference file,
    String criteriaSha256,
    String engine,
    int items,
    double seconds,
    boolean reused,
    String variant,
    Optional<Retrieval> retrieval) {
  public Answers {
    variant = Objects.requireNonNullElse(variant, "");
    retrieval = Objects.requireNonNullElse(retrieval, Optional.empty());
  }

  /** The same, found instead of made. */
  public Answers asReused() {
    return new Answers(
        arm, part, shots, file, criteriaSha256, engine, items, seconds, true, variant, retrieval);
  }
}
