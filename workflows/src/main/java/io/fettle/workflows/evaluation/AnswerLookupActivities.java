package io.fettle.workflows.evaluation;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Looks for an answer step's record, so that a finished one acquires no host. */
@ActivityInterface
public interface AnswerLookupActivities {
  /** The record of an equal job, {@code reused} set. Queue {@code control}; safe to repeat. */
  Optional<Answers> findAnswers(AnswerJob job);
}
