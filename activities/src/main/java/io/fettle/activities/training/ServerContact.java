package io.fettle.activities.training;

import io.fettle.workflows.training.TrainProgress;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.ActivityCompletionClient;
import io.temporal.client.ActivityCompletionException;
import io.temporal.client.ActivityNotExistsException;
import io.temporal.client.ActivityPausedException;
import io.temporal.client.ActivityResetException;
import io.temporal.client.WorkflowClient;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Talks to the Temporal server by task token. The SDK wraps a lost connection, a cancel, a pause
 * and a reset in one exception class, so only the cause is looked at.
 */
final class ServerContact implements Contact {
  private static final Logger log = LoggerFactory.getLogger(ServerContact.class);
  private static final int DESCRIBE_SECONDS = 5;

  private final WorkflowClient client;
  private final ActivityCompletionClient completions;

  ServerContact(WorkflowClient client) {
    this.client = client;
    this.completions = client.newActivityCompletionClient();
  }

  @Override
  public Reply heartbeat(byte[] token, TrainProgress progress) {
    try {
      completions.heartbeat(token, progress);
      return Reply.ACCEPTED;
    } catch (ActivityCompletionException e) {
      return reply(e);
    }
  }

  @Override
  public Reply deliver(byte[] token, Outcome outcome) {
    try {
      switch (outcome.kind()) {
        case FINISHED -> completions.complete(token, outcome.checkpoint().orElseThrow());
        case FAILED ->
            completions.completeExceptionally(
                token, outcome.type().failure(outcome.exit().reason(), outcome.exit()));
        case CANCELLED -> completions.reportCancellation(token, outcome.exit());
        case UNTOLD -> throw new IllegalArgumentException("nobody is to be told: " + outcome);
      }
      return Reply.ACCEPTED;
    } catch (ActivityCompletionException e) {
      return reply(e) == Reply.GONE ? Reply.GONE : Reply.UNREACHABLE;
    }
  }

  private static Reply reply(ActivityCompletionException failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      switch (cause) {
        case ActivityNotExistsException _ -> {
          return Reply.GONE;
        }
        case ActivityCanceledException _ -> {
          return Reply.CANCELLED;
        }
        case ActivityPausedException _ -> {
          return Reply.PAUSED;
        }
        case ActivityResetException _ -> {
          return Reply.ACCEPTED; // a reset asks for another attempt; it gets the same trainer
        }
        default -> {}
      }
    }
    log.debug("the server did not take a message", failure);
    return Reply.UNREACHABLE;
  }

  @Override
  public boolean isClosed(Assignment assignment) {
    var request =
        DescribeWorkflowExecutionRequest.newBuilder()
            .setNamespace(assignment.namespace())
            .setExecution(
                WorkflowExecution.newBuilder()
                    .setWorkflowId(assignment.workflow())
                    .setRunId(assignment.workflowRun()))
            .build();
    try {
      var status =
          client
              .getWorkflowServiceStubs()
              .blockingStub()
              .withDeadlineAfter(DESCRIBE_SECONDS, TimeUnit.SECONDS)
              .describeWorkflowExecution(request)
              .getWorkflowExecutionInfo()
              .getStatus();
      return switch (status) {
        case WORKFLOW_EXECUTION_STATUS_COMPLETED,
            WORKFLOW_EXECUTION_STATUS_FAILED,
            WORKFLOW_EXECUTION_STATUS_CANCELED,
            WORKFLOW_EXECUTION_STATUS_TERMINATED,
            WORKFLOW_EXECUTION_STATUS_CONTINUED_AS_NEW,
            WORKFLOW_EXECUTION_STATUS_TIMED_OUT ->
            true;
        default -> false; // paused, and whatever a later server may know
      };
    } catch (StatusRuntimeException e) {
      return false; // not found, too: a server restored from a backup must not cost a trainer
    }
  }
}
