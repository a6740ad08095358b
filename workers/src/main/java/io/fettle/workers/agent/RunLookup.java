package io.fettle.workers.agent;

import io.fettle.activities.training.TrainingHost.Running;
import io.fettle.workflows.training.HostNotice;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowTargetOptions;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent tells the run that has its host. */
final class RunLookup {
  private static final Logger log = LoggerFactory.getLogger(RunLookup.class);

  private final WorkflowClient client;
  private final String host;

  RunLookup(WorkflowClient client, String host) {
    this.client = client;
    this.host = host;
  }

  /**
   * Tells a run that its host leaves. It learns so anyway when the train ends: this only saves it
   * time.
   */
  void tellNotice(Running train, String reason, Duration window) {
    try {
      var target =
          WorkflowTargetOptions.newBuilder()
              .setWorkflowId(train.workflow())
              .setRunId(train.workflowRun())
              .build();
      client.newUntypedWorkflowStub(target).signal("noticed", new HostNotice(host, reason, window));
    } catch (WorkflowException | StatusRuntimeException e) {
      log.info(
          "run {} was not told of the notice: {}", train.run(), Status.fromThrowable(e).getCode());
    }
  }
}
