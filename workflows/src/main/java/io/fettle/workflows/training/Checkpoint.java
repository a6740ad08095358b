package io.fettle.workflows.training;

import io.fettle.workflows.wire.Reference;
import java.util.Optional;

/**
 * A published checkpoint.
 *
 * @param lease the lease that published it
 * @param step optimizer steps done
 * @param manifest the published manifest
 * @param adapter tree manifest of what was trained, as an ordinary PEFT folder (a model folder for
 *     full training)
 * @param devLoss nats per supervised token; empty where dev was not evaluated
 * @param stoppedEarly whether early stopping ended the train
 */
public record Checkpoint(
    int lease,
    int step,
    Reference manifest,
    Reference adapter,
    Optional<Double> devLoss,
    boolean stoppedEarly) {}
