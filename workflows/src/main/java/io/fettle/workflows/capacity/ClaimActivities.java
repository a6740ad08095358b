package io.fettle.workflows.capacity;

import io.temporal.activity.ActivityInterface;

/** Answered by an idle agent. */
@ActivityInterface
public interface ClaimActivities {
  /**
   * Takes this host for one run: a compare-and-set in the agent, persisted before the answer. Queue
   * of the acquisition; one attempt; schedule-to-start is the patience for capacity.
   *
   * @return the claimed host. Source: the agent's own claim file
   * @throws io.temporal.failure.ApplicationFailure of type {@code HOST_BUSY} (benign) where it is
   *     taken
   */
  Host claim(ClaimRequest request);
}
