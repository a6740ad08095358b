package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * Dev answers of the prompted arms and of what was tried on their failures.
 *
 * @param spec the resolved spec, which says what the advisor is told; empty in jobs of older
 *     releases
 */
public record ScoreJob(
    String run,
    Reference criteria,
    Reference dataset,
    List<Answers> answers,
    Optional<Reference> spec) {
  public ScoreJob {
    answers = Copies.list(answers);
    spec = Objects.requireNonNullElse(spec, Optional.empty());
  }
}
