package io.fettle.workflows.evaluation;

import io.temporal.activity.ActivityInterface;

/** Scores and decides. Queue {@code cpu}; pure functions of stored answers, safe to repeat. */
@ActivityInterface
public interface EvaluationActivities {
  /** Scores the prompted arms on dev, chooses the number of examples, and advises from that. */
  Baselines scoreBaselines(ScoreJob job);

  /**
   * Decides the gate on test: the candidate that will serve against the best prompted arm and its
   * unquantized parent, by paired intervals. Each opening of test is counted.
   *
   * @return verdict and numbers. Source: the report in the store
   */
  EvaluationReport judge(JudgeJob job);
}
