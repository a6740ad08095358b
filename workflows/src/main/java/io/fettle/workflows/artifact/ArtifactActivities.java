package io.fettle.workflows.artifact;

import io.temporal.activity.ActivityInterface;

/**
 * From a trained adapter to what serves. Cached steps, safe to repeat; verified before their record
 * is put.
 */
@ActivityInterface
public interface ArtifactActivities {
  /**
   * Merges the adapter tensor by tensor in fp32 from the 16-bit base, casts last, and verifies fp32
   * logits against the adapter on the same base (within 1e-3). Queue {@code cpu} where it fits
   * there, else the host's.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code NOT_VERIFIED} where the merged
   *     model is not the trained one
   */
  Artifact merge(MergeJob job);

  /**
   * Quantizes for the deploy target and verifies. Host queue.
   *
   * @throws io.temporal.failure.ApplicationFailure of type {@code NOT_VERIFIED} with the numbers
   */
  Artifact quantize(QuantizeJob job);
}
