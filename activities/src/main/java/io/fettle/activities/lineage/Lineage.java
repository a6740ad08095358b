package io.fettle.activities.lineage;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.lineage.RecordActivities;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;

/** Builds the record step, and renders reports anew. */
public final class Lineage {
  private Lineage() {}

  public static RecordActivities activities(ObjectStore store) {
    return new RecordStep(store);
  }

  /**
   * Renders the report page of a finished execution anew, as where people have rated its answers
   * since; the record stays as it is.
   *
   * @return the page, in the place of the one before
   * @throws IOException if the store is away
   */
  public static Reference report(ObjectStore store, RunStory story) throws IOException {
    return new RecordStep(store).report(story);
  }
}
