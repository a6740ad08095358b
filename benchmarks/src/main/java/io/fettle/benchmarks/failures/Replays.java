package io.fettle.benchmarks.failures;

import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.run.FineTuneWorkflowImpl;
import io.fettle.workflows.serving.DeployWorkflowImpl;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.common.converter.EncodedValues;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.DynamicWorkflow;
import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Replays of histories against workflow code. */
final class Replays {
  private static final Logger LOG = LoggerFactory.getLogger(Replays.class);

  private Replays() {}

  /** Whether the product's workflows take the same steps again. */
  static boolean match(WorkflowClient client, WorkflowExecutionHistory history) {
    return mismatch(client, history, FineTuneWorkflowImpl.class, DeployWorkflowImpl.class)
        .isEmpty();
  }

  /** The same for code that begins with another step; what breaks otherwise is no mismatch. */
  static boolean matchChanged(WorkflowClient client, WorkflowExecutionHistory history) {
    return mismatch(client, history, Changed.class).filter(Replays::isOfSteps).isEmpty();
  }

  private static boolean isOfSteps(String mismatch) {
    return mismatch.contains("NonDeterministic");
  }

  private static Optional<String> mismatch(
      WorkflowClient client, WorkflowExecutionHistory history, Class<?>... types) {
    var factory = WorkerFactory.newInstance(client);
    var worker = Pollers.replayer(factory, types);
    try {
      worker.replayWorkflowExecution(history);
      return Optional.empty();
    } catch (Exception mismatch) { // the replayer declares no narrower type
      LOG.info("a history does not replay: {}", mismatch.getMessage());
      return Optional.of(String.valueOf(mismatch.getMessage()));
    } finally {
      factory.shutdownNow();
    }
  }

  /** Any workflow, changed. */
  public static final class Changed implements DynamicWorkflow {
    @Override
    public Object execute(EncodedValues input) {
      Workflow.sleep(Duration.ofDays(1));
      return "";
    }
  }
}
