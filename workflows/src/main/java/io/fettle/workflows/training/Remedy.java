package io.fettle.workflows.training;

import java.util.Optional;

/**
 * What keeps a train inside its memory; the global batch never changes.
 *
 * @param microBatch sequences a device and step; 0: as the schedule says
 * @param gradientCheckpointing forced on
 * @param chunkedLoss forced on
 */
public record Remedy(int microBatch, boolean gradientCheckpointing, boolean chunkedLoss) {
  public static Remedy none() {
    return new Remedy(0, false, false);
  }

  /**
   * The next remedy: micro-batch halved down to 1, then gradient checkpointing, then chunked loss.
   *
   * @param plannedMicroBatch what the plan began with
   * @param plannedCheckpointing whether the plan already recomputes activations
   * @return empty where nothing is left to try
   */
  public Optional<Remedy> next(int plannedMicroBatch, boolean plannedCheckpointing) {
    int current = microBatch == 0 ? plannedMicroBatch : microBatch;
    if (current > 1) {
      return Optional.of(new Remedy(current / 2, gradientCheckpointing, chunkedLoss));
    }
    if (!gradientCheckpointing && !plannedCheckpointing) {
      return Optional.of(new Remedy(1, true, chunkedLoss));
    }
    return chunkedLoss ? Optional.empty() : Optional.of(new Remedy(1, gradientCheckpointing, true));
  }
}
