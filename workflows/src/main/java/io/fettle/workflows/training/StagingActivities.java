package io.fettle.workflows.training;

import io.temporal.activity.ActivityInterface;

/** Brings inputs to a host. */
@ActivityInterface
public interface StagingActivities {
  /**
   * Fetches trees into the host's content-addressed cache and verifies every file. Host queue;
   * repeating on a warm host fetches only what it lacks.
   *
   * @return bytes fetched and reused. Source: the cache
   * @throws io.temporal.failure.ApplicationFailure of type {@code HOST_BUSY} where another run
   *     holds the host
   */
  Staged stage(StageJob job);
}
