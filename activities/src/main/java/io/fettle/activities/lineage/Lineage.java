package io.fettle.activities.lineage;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.lineage.RecordActivities;

/** Builds the record step. */
public final class Lineage {
  private Lineage() {}

  public static RecordActivities activities(ObjectStore store) {
    return new RecordStep(store);
  }
}
