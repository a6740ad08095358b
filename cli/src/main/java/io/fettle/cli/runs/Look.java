package io.fettle.cli.runs;

import io.fettle.workflows.run.RunStatus;
import io.fettle.workflows.training.TrainProgress;
import java.util.Optional;

/**
 * A run at one moment.
 *
 * @param train what the trainer says of itself, while one trains
 * @param activity what the activity under way says of itself, in a line; empty: nothing
 * @param isParked whether it waits for an operator
 */
public record Look(
    RunStatus status, Optional<TrainProgress> train, Optional<String> activity, boolean isParked) {}
