package io.fettle.activities.artifact;

import io.fettle.workflows.artifact.ArtifactActivities;
import io.fettle.workflows.artifact.ArtifactLookupActivities;
import io.fettle.workflows.artifact.ModelActivities;

/** Builds the activities of base models, merge and quantize. */
public final class Artifacts {
  private Artifacts() {}

  public static ModelActivities models(ArtifactOptions options) {
    return new FetchBase(options);
  }

  /** Merge and quantize, for the queue of whoever has the memory. */
  public static ArtifactActivities activities(ArtifactOptions options) {
    return new MakeArtifacts(options);
  }

  public static ArtifactLookupActivities lookup(ArtifactOptions options) {
    return new MakeArtifacts(options);
  }
}
