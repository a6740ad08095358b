package io.fettle.activities.serving;

import io.fettle.workflows.serving.DeployActivities;
import io.fettle.workflows.serving.DeployRequest;
import io.fettle.workflows.serving.DeployWorkflow;
import io.fettle.workflows.serving.Deployment;
import io.fettle.workflows.serving.EndpointState;
import io.fettle.workflows.serving.WithdrawDeploy;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.WorkflowIds;
import io.temporal.activity.Activity;
import io.temporal.activity.ActivityExecutionContext;
import io.temporal.api.enums.v1.WorkflowIdConflictPolicy;
import io.temporal.client.ActivityCanceledException;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WithStartWorkflowOperation;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.failure.ApplicationFailure;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Starts the endpoint's entity workflow if it does not run, sends it the request as an update, and
 * waits.
 */
final class DeployRequests implements DeployActivities {
  private static final long BEAT_SECONDS = 5;

  private final WorkflowClient client;

  DeployRequests(WorkflowClient client) {
    this.client = client;
  }

  @Override
  public Deployment requestDeploy(DeployRequest request) {
    DeployWorkflow endpoint =
        client.newWorkflowStub(
            DeployWorkflow.class,
            WorkflowOptions.newBuilder()
                .setWorkflowId(WorkflowIds.deploy(request.endpoint()))
                .setTaskQueue(TaskQueues.CONTROL)
                .setWorkflowIdConflictPolicy(
                    WorkflowIdConflictPolicy.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING)
                .setStaticSummary("endpoint " + request.endpoint())
                .build());
    EndpointState fresh = new EndpointState(request.endpoint(), Optional.empty(), Optional.empty());
    WorkflowUpdateHandle<Deployment> update =
        WorkflowClient.startUpdateWithStart(
            endpoint::deploy,
            request,
            UpdateOptions.<Deployment>newBuilder()
                .setUpdateId(requestId(request) + "-" + attempt())
                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                .build(),
            new WithStartWorkflowOperation<>(endpoint::own, fresh));
    return await(update, request, endpoint);
  }

  /**
   * Every attempt is a request of its own: an update that failed would answer its repeats with the
   * same failure.
   */
  private static int attempt() {
    return Activity.getExecutionContext().getInfo().getAttempt();
  }

  private static String requestId(DeployRequest request) {
    var info = Activity.getExecutionContext().getInfo();
    return "%s-by-%s-%s"
        .formatted(request.modelId(), info.getWorkflowRunId(), info.getActivityId());
  }

  private static Deployment await(
      WorkflowUpdateHandle<Deployment> update, DeployRequest request, DeployWorkflow endpoint) {
    CompletableFuture<Deployment> result = update.getResultAsync();
    ActivityExecutionContext activity = Activity.getExecutionContext();
    while (true) {
      try {
        return result.get(BEAT_SECONDS, TimeUnit.SECONDS);
      } catch (TimeoutException notYet) {
        beat(activity, request, endpoint);
      } catch (ExecutionException failed) {
        throw explained(failed);
      } catch (InterruptedException stopping) {
        Thread.currentThread().interrupt();
        throw Activity.wrap(stopping);
      }
    }
  }

  /** A cancel of the run takes the request back; a lost connection is no cancel. */
  private static void beat(
      ActivityExecutionContext activity, DeployRequest request, DeployWorkflow endpoint) {
    try {
      activity.heartbeat("endpoint " + request.endpoint() + " works on it");
    } catch (ActivityCanceledException cancelled) {
      endpoint.withdraw(new WithdrawDeploy(request.endpoint(), requestId(request)));
      throw cancelled;
    }
  }

  private static RuntimeException explained(ExecutionException failed) {
    Throwable cause = failed.getCause();
    if (cause instanceof WorkflowUpdateException update
        && update.getCause() instanceof ApplicationFailure known) {
      return FailureType.of(known.getType()).failure(known.getOriginalMessage());
    }
    return FailureType.ENGINE_FAILED.failure("the endpoint's workflow did not deploy: " + cause);
  }
}
