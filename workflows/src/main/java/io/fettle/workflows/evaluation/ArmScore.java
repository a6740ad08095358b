package io.fettle.workflows.evaluation;

import java.util.Objects;

/**
 * One arm's score with its 95 % interval, as fractions; {@code invalid} counts answers outside the
 * task's form.
 *
 * @param variant as {@link AnswerJob} has it
 */
public record ArmScore(
    Arm arm,
    Part part,
    int shots,
    double score,
    double low,
    double high,
    int items,
    int invalid,
    String variant) {
  public ArmScore {
    variant = Objects.requireNonNullElse(variant, "");
  }
}
