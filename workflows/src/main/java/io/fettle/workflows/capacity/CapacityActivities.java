package io.fettle.workflows.capacity;

import io.temporal.activity.ActivityInterface;

/** Hosts of every pool behind one port. Queue {@code control}. */
@ActivityInterface
public interface CapacityActivities {
  /**
   * Chooses pool and shape, and logs why with its numbers. Safe to repeat.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code NO_CAPACITY} (benign; wait and
   *     ask again)
   */
  Offer choose(CapacityRequest request);

  /**
   * Makes sure that one host exists for this token: the intent is recorded first, so a repeat never
   * launches a second.
   *
   * @return where to claim it. Source: the provider
   * @throws io.temporal.failure.ApplicationFailure of type {@code NO_CAPACITY} (benign)
   */
  Acquisition acquire(AcquireRequest request);

  /**
   * What the provider says of the host. Safe to repeat; unreachable is {@link HostState#UNKNOWN},
   * never "gone".
   */
  HostDescription describe(DescribeRequest request);

  /**
   * Keeps what the run may cost where the watch over budgets reads it without asking the run. Safe
   * to repeat; what was kept last stands.
   */
  void keepTerms(KeepTerms request);

  /** Gives the host back. Safe to repeat; a host that is gone already is no error. */
  void release(ReleaseRequest request);
}
