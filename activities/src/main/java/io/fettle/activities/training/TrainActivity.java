package io.fettle.activities.training;

import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.TrainerActivities;
import io.fettle.workflows.training.TrainingJob;
import io.temporal.activity.Activity;
import java.io.IOException;
import java.io.UncheckedIOException;

/**
 * Hands the task token to the supervision, which outlives this call, this process and this
 * connection.
 */
final class TrainActivity implements TrainerActivities {
  private final TrainingHost host;

  TrainActivity(TrainingHost host) {
    this.host = host;
  }

  @Override
  @SuppressWarnings(
      "NullAway") // the value of a call that does not complete its activity is not looked at
  public Checkpoint train(TrainingJob job) {
    var context = Activity.getExecutionContext();
    var info = context.getInfo();
    try {
      host.ensure(
          new Assignment(job, info.getNamespace(), info.getWorkflowId(), info.getWorkflowRunId()),
          info.getTaskToken());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    context.doNotCompleteOnReturn();
    return null;
  }
}
