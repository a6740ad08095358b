package io.fettle.workflows.training;

import java.util.Optional;

/**
 * How a trainer ended: the failure's details.
 *
 * @param checkpointStep newest published checkpoint on the chain
 * @param lastStep the last step that it reported
 * @param log the trainer's log in the store
 */
public record TrainerExit(String reason, int checkpointStep, int lastStep, Optional<String> log) {
  /** Nothing is known of the trainer. */
  public static TrainerExit unheard() {
    return new TrainerExit("", 0, 0, Optional.empty());
  }
}
