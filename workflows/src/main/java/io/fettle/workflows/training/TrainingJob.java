package io.fettle.workflows.training;

import io.fettle.workflows.wire.Reference;
import java.time.Duration;
import java.util.Optional;

/**
 * One lease's training.
 *
 * @param run the run's id
 * @param token of the acquisition that claimed the host
 * @param lease the open lease; its {@code resumeFrom} is where the trainer goes on
 * @param training {@code training.json}: the trainer's config without paths, lease and remedy
 * @param baseModel tree manifest of the base model
 * @param dataset tree manifest of the dataset
 * @param remedy what out-of-memory has taught so far
 * @param leaseTime how long a silent lease stays valid
 * @param checkpointInterval an operator's longest time between checkpoints, instead of the plan's
 */
public record TrainingJob(
    String run,
    String token,
    Lease lease,
    Reference training,
    Reference baseModel,
    Reference dataset,
    Remedy remedy,
    Duration leaseTime,
    Optional<Duration> checkpointInterval) {}
