package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/** Dev answers of the prompted arms. */
public record ScoreJob(String run, Reference criteria, Reference dataset, List<Answers> answers) {
  public ScoreJob {
    answers = Copies.list(answers);
  }
}
