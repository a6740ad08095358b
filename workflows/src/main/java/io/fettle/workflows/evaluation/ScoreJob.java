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
 * @param curve the same items by models that were trained on parts of the rows, fewest rows first;
 *     empty where none was asked for
 */
public record ScoreJob(
    String run,
    Reference criteria,
    Reference dataset,
    List<Answers> answers,
    Optional<Reference> spec,
    List<CurvePoint> curve) {
  public ScoreJob {
    answers = Copies.list(answers);
    curve = Copies.list(curve);
    spec = Objects.requireNonNullElse(spec, Optional.empty());
  }
}
