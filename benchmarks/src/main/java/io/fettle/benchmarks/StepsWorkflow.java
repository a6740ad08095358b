package io.fettle.benchmarks;

import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.common.RetryOptions;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;

/** Ten steps in a row, as a run would have them: on another queue than the workflow's. */
@WorkflowInterface
public interface StepsWorkflow {
  int STEPS = 10;

  @WorkflowMethod
  void run(String cpuQueue, String run);

  /** One step's inputs: all of them go into its hash. */
  record Job(String run, int number) {}

  /** What a step records. */
  record Result(int number) {}

  /** A step whose body does nothing. */
  @ActivityInterface
  interface EmptySteps {
    Result emptyStep(Job job);
  }

  /** The options are those of a run's computing steps. */
  final class Impl implements StepsWorkflow {
    @Override
    public void run(String cpuQueue, String run) {
      for (int number = 1; number <= STEPS; number++) {
        step(cpuQueue, "empty step " + number).emptyStep(new Job(run, number));
      }
    }

    private static EmptySteps step(String queue, String summary) {
      return Workflow.newActivityStub(
          EmptySteps.class,
          ActivityOptions.newBuilder()
              .setTaskQueue(queue)
              .setStartToCloseTimeout(Duration.ofHours(12))
              .setHeartbeatTimeout(Duration.ofSeconds(45))
              .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(3).build())
              .setSummary(summary)
              .build());
    }
  }
}
