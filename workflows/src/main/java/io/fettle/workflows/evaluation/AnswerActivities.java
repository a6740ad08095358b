package io.fettle.workflows.evaluation;

import io.temporal.activity.ActivityInterface;

/** Answers evaluation items through a model server. */
@ActivityInterface
public interface AnswerActivities {
  /**
   * Answers a part of the dataset with one arm. Host queue; a cached step: a repeat goes on after
   * the last batch that was written down. The engine stays up for the next arm that needs the same.
   *
   * @return the answers. Source: their file in the store; no answer enters the history
   * @throws io.temporal.failure.ApplicationFailure of type {@code ENGINE_FAILED} with the engine's
   *     last words as a URI
   */
  Answers answer(AnswerJob job);
}
