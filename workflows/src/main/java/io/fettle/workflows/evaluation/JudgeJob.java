package io.fettle.workflows.evaluation;

import io.fettle.workflows.wire.Copies;
import io.fettle.workflows.wire.Reference;
import java.util.List;

/** Test answers of every arm, the candidate's among them as {@link Arm#SERVED}. */
public record JudgeJob(
    String run, String execution, Reference criteria, Reference dataset, List<Answers> answers) {
  public JudgeJob {
    answers = Copies.list(answers);
  }
}
