package io.fettle.workflows.training;

import io.temporal.activity.ActivityInterface;

/** Answered by the agent on its control queue, also while a train holds the host. */
@ActivityInterface
public interface HostControlActivities {
  /**
   * Says whether the lease's trainer lives. Safe to repeat; schedule-to-start is short, so silence
   * shows quickly.
   */
  ProbeAnswer probe(ProbeRequest request);

  /**
   * Asks the lease's trainer to checkpoint and stop. Safe to repeat; returns before it has stopped.
   */
  void stop(StopRequest request);
}
