package io.fettle.cli.local;

import io.fettle.workers.settings.Pollers;
import io.grpc.StatusRuntimeException;
import io.temporal.api.common.v1.WorkflowExecution;
import io.temporal.api.workflowservice.v1.DescribeWorkflowExecutionRequest;
import io.temporal.api.workflowservice.v1.SetWorkerDeploymentCurrentVersionRequest;
import io.temporal.api.workflowservice.v1.WorkflowServiceGrpc;
import io.temporal.client.WorkflowClient;
import io.temporal.common.WorkerDeploymentVersion;
import io.temporal.worker.WorkerFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Builds of the workflows that a cluster has side by side, on one queue. */
final class Builds implements AutoCloseable {
  static final String QUEUE = "builds";
  private static final String DEPLOYMENT = "fettle";
  private static final Duration SOON = Duration.ofMinutes(1);

  private final WorkflowClient client;
  private final WorkflowServiceGrpc.WorkflowServiceBlockingStub server;
  private final List<WorkerFactory> factories = new ArrayList<>();

  Builds(WorkflowClient client) {
    this.client = client;
    this.server = client.getWorkflowServiceStubs().blockingStub();
  }

  /** Starts a worker of that build, and sends what begins from now on to it. */
  void roll(String build, Class<?> workflow) {
    var options = Pollers.options(2);
    Pollers.bind(options, new WorkerDeploymentVersion(DEPLOYMENT, build));
    var factory = Pollers.factory(client, 10);
    factory.newWorker(QUEUE, options.build()).registerWorkflowImplementationTypes(workflow);
    factory.start();
    factories.add(factory);
    if (!Waiting.until(SOON, () -> isCurrent(build))) {
      throw new AssertionError("build " + build + " did not become the current one");
    }
  }

  /** False while the server has not heard of its worker. */
  private boolean isCurrent(String build) {
    try {
      server.setWorkerDeploymentCurrentVersion(
          SetWorkerDeploymentCurrentVersionRequest.newBuilder()
              .setNamespace(client.getOptions().getNamespace())
              .setDeploymentName(DEPLOYMENT)
              .setBuildId(build)
              .build());
      return true;
    } catch (StatusRuntimeException unknown) {
      return false;
    }
  }

  /** The build that answers the execution. */
  String of(WorkflowExecution execution) {
    return server
        .describeWorkflowExecution(
            DescribeWorkflowExecutionRequest.newBuilder()
                .setNamespace(client.getOptions().getNamespace())
                .setExecution(execution)
                .build())
        .getWorkflowExecutionInfo()
        .getVersioningInfo()
        .getDeploymentVersion()
        .getBuildId();
  }

  @Override
  public void close() {
    factories.forEach(WorkerFactory::shutdownNow);
  }
}
