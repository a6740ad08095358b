package io.fettle.workflows.artifact;

import io.temporal.activity.ActivityInterface;
import java.util.Optional;

/** Looks for an artifact step's record, so that a finished one acquires no host. */
@ActivityInterface
public interface ArtifactLookupActivities {
  /** The record of an equal job, {@code reused} set. Queue {@code control}; safe to repeat. */
  Optional<Artifact> findQuantized(QuantizeJob job);
}
