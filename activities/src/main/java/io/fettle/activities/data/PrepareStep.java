package io.fettle.activities.data;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.data.DataActivities;

/** Makes the prepare activity. */
public final class PrepareStep {
  private PrepareStep() {}

  /** The activity over this store, its steps and this machine's environments. */
  public static DataActivities activities(
      ObjectStore store, StepCache steps, Environments environments, DataOptions options) {
    return new Prepare(store, steps, environments, options);
  }
}
