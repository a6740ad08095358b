package io.fettle.workflows.plan;

import io.temporal.activity.ActivityInterface;

/**
 * Resolves and refuses before anything is leased. Queue {@code cpu}; both methods are pure
 * functions of their inputs.
 */
@ActivityInterface
public interface PlanActivities {
  /**
   * Resolves every {@code auto}, estimates memory, chooses strategy and hardware, prices it. Safe
   * to repeat.
   *
   * @return the plan; the source of truth is {@code plan.json} of this execution, which later steps
   *     read
   * @throws io.temporal.failure.ApplicationFailure of type {@code REFUSED} naming every reason and
   *     its fix; nothing is lost
   */
  Plan plan(PlanRequest request);

  /**
   * Resolves what depends on the number of rows: batch, steps, intervals. Safe to repeat.
   *
   * @return the schedule; the source of truth is {@code training.json} of this execution, in the
   *     shape of the trainer's config
   * @throws io.temporal.failure.ApplicationFailure of type {@code REFUSED} where the rows cannot be
   *     trained on as specified
   */
  Schedule schedule(ScheduleRequest request);
}
