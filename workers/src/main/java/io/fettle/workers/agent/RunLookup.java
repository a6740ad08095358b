package io.fettle.workers.agent;

import io.fettle.activities.training.TrainingHost.Running;
import io.fettle.workflows.training.HostNotice;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.enums.v1.WorkflowExecutionStatus;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowException;
import io.temporal.client.WorkflowTargetOptions;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What an agent asks of the server about the run that has its host, and tells it. */
final class RunLookup {
  private static final Logger log = LoggerFactory.getLogger(RunLookup.class);
  private static final int SECONDS = 5;

  private final WorkflowClient client;
  private final String host;

  RunLookup(WorkflowClient client, String host) {
    this.client = client;
    this.host = host;
  }

  /**
   * Whether the execution, and what it continued as, is over. False where the server does not say
   * so.
   */
  boolean isOver(String run, String workflowRun) {
    try {
      var status = status(run, workflowRun);
      if (status == WorkflowExecutionStatus.WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW) {
        status = status(run, "");
      }
      return switch (status) {
        case WORKFLOW_EXECUTION_STATUS_COMPLETED,
            WORKFLOW_EXECUTION_STATUS_FAILED,
            WORKFLOW_EXECUTION_STATUS_CANCELED,
            WORKFLOW_EXECUTION_STATUS_TERMINATED,
            WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
            true;
        default -> false; // paused, and whatever a later server may know
      };
    } catch (StatusRuntimeException e) {
      log.debug("the server does not say whether {} runs", run, e);
      return false;
    }
  }

  private WorkflowExecutionStatus status(String run, String workflowRun) {
    var request =
        DescribeWorkflowExecutionRequest.newBuilder()
            .setNamespace(client.getOptions().getNamespace())
            .setExecution(WorkflowExecution.newBuilder().setWorkflowId(run).setRunId(workflowRun))
            .build();
    return client
        .getWorkflowServiceStubs()
        .blockingStub()
        .withDeadlineAfter(SECONDS, TimeUnit.SECONDS)
        .describeWorkflowExecution(request)
        .getWorkflowExecutionInfo()
        .getStatus();
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
