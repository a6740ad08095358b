package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;
import java.util.Objects;

/**
 * What prompting reaches on dev.
 *
 * @param scores of every arm and number of examples tried
 * @param shots the best of the candidate numbers of examples; 0: few-shot was not asked for
 * @param advice what to do about it
 * @param why the advice's numbers in a sentence
 * @param details items and scores as JSON in the store
 * @param variant the better way to choose examples; see {@link AnswerJob}
 * @param next the cheapest experiment that could change or confirm the advice
 */
public record Baselines(
    List<ArmScore> scores,
    int shots,
    Advice advice,
    String why,
    Reference details,
    String variant,
    String next) {
  public Baselines {
    scores = Copies.list(scores);
    variant = Objects.requireNonNullElse(variant, "");
    next = Objects.requireNonNullElse(next, "");
  }
}
