package io.fettle.workflows.evaluation;

import io.temporal.activity.ActivityInterface;

/** Answers evaluation items through a model server. */
@ActivityInterface
public interface AnswerActivities {
  /**
   * Answers a part of the dataset with one arm. Host queue, {@code cpu} for arms that need no
   * engine of ours; a cached step: a repeat goes on after the last answer that was written down.
   * The engine stays up for the next arm that needs the same.
   *
   * @return the answers. Source: their file in the store; no answer enters the history
   * @throws io.temporal.failure.ApplicationFailure of type {@code ENGINE_FAILED} with the engine's
   *     last words as a URI, or what another server answered; {@code BAD_CONFIG} where a server
   *     refuses the key or does not know the model; {@code BAD_DATA} where nothing is left to
   *     search
   */
  Answers answer(AnswerJob job);
}
