package io.fettle.workflows.training;

import io.temporal.activity.ActivityInterface;

/** Runs a trainer under a lease. */
@ActivityInterface
public interface TrainerActivities {
  /**
   * Trains until the schedule's last step or an early stop, under one lease. "Ensure": starts the
   * trainer, or adopts the one that already runs.
   *
   * <p>Host queue, one attempt: only the workflow may pick another host. Safe to repeat for the
   * same lease; completes by task token, so it survives a restart of the agent. Heartbeat details
   * are a {@link TrainProgress}.
   *
   * <p>Shapes and units: tokens {@code int32[batch, length]}; loss in nats per supervised token;
   * steps are optimizer steps.
   *
   * @return the best checkpoint by dev loss on the newest chain (the last where early stopping is
   *     off), published and verified. Source: the ledger; heartbeats only describe progress
   * @throws io.temporal.failure.ApplicationFailure of type {@code PREEMPTED} (benign; loses at most
   *     one checkpoint write), {@code STALLED}, {@code OUT_OF_MEMORY}, {@code TRAINER_CRASHED}
   *     (details: {@link TrainerExit}), {@code SUPERSEDED}, {@code DIVERGED}, {@code BAD_CONFIG} or
   *     {@code BAD_DATA} (never retried)
   */
  Checkpoint train(TrainingJob job);
}
