package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Test answers of every arm, the candidate's among them as {@link Arm#SERVED}.
 *
 * @param spec the resolved spec, whose name the series of results has; empty in jobs of older
 *     releases
 */
public record JudgeJob(
    String run,
    String execution,
    Reference criteria,
    Reference dataset,
    List<Answers> answers,
    Optional<Reference> spec) {
  public JudgeJob {
    answers = Copies.list(answers);
    spec = Objects.requireNonNullElse(spec, Optional.empty());
  }
}
