package io.fettle.workflows.training;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** The leases and published manifests of a run. */
@ActivityInterface
public interface LedgerActivities {
  /**
   * Looks for the train step's record, so that a finished train acquires no host. Queue {@code
   * control}; safe to repeat.
   *
   * @return the checkpoint that finished a train of this input, verified to be there
   */
  Optional<Checkpoint> finished(FinishedTrain query);

  /**
   * Opens the next lease and fixes where it goes on from. Queue {@code control}; a retry gets the
   * stored lease, never chooses again. Call it only when the previous train has closed, its host is
   * dead, or its lease ran out.
   *
   * @return the lease. Source: {@code leases/{n}.json}, put if none was there
   * @throws io.temporal.failure.ApplicationFailure of type {@code HELD_ELSEWHERE}: another
   *     namespace's live lease
   */
  Lease open(OpenLease request);

  /**
   * Waits until the lease has run out: its time without a renewal, counted on this process's
   * monotonic clock from its own first look. Queue {@code control}; cancellable; a repeat begins
   * the count again, so outages only lengthen it.
   */
  void watchLease(WatchLease watch);
}
