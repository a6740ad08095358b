package io.fettle.workflows.lineage;

import io.temporal.activity.ActivityInterface;

/** Writes a run down. */
@ActivityInterface
public interface RecordActivities {
  /**
   * Writes {@code record.json}, the report and the model card of this execution. Queue {@code cpu};
   * safe to repeat.
   *
   * @return the run's result. Source: {@code record.json}
   */
  RunRecord record(RunStory story);
}
