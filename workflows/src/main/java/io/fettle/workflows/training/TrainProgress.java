package io.fettle.workflows.training;

import java.util.Optional;

/**
 * Heartbeat details of a train: what an operator sees under the pending activity. Under 1 KB;
 * describes, decides nothing.
 *
 * @param phase the trainer's phase: load, compile, step, eval, save
 * @param step optimizer steps done
 * @param maxSteps of the schedule
 * @param loss newest training loss, nats per supervised token
 * @param devLoss newest dev loss
 * @param tokensPerSecond supervised and prompt tokens, no padding
 * @param etaSeconds until the last step at the current pace
 * @param checkpointStep newest published checkpoint in this lease, else the step it began from
 */
public record TrainProgress(
    int lease,
    String phase,
    int step,
    int maxSteps,
    Optional<Double> loss,
    Optional<Double> devLoss,
    Optional<Double> tokensPerSecond,
    Optional<Long> etaSeconds,
    int checkpointStep) {}
