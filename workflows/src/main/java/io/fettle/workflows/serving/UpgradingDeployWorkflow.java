package io.fettle.workflows.serving;

import io.temporal.common.VersioningBehavior;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowVersioningBehavior;

/**
 * The endpoints' workflow for a worker that belongs to a deployment: an endpoint outlives every
 * build, so it goes on with the current one. A class of its own, since the server refuses the
 * annotation from a worker that belongs to none.
 */
public final class UpgradingDeployWorkflow implements DeployWorkflow {
  private final DeployWorkflowImpl endpoint;

  @WorkflowInit
  public UpgradingDeployWorkflow(EndpointState state) {
    endpoint = new DeployWorkflowImpl(state);
  }

  @Override
  @WorkflowVersioningBehavior(VersioningBehavior.AUTO_UPGRADE)
  public void own(EndpointState state) {
    endpoint.own(state);
  }

  @Override
  public Deployment deploy(DeployRequest request) {
    return endpoint.deploy(request);
  }

  @Override
  public void withdraw(WithdrawDeploy request) {
    endpoint.withdraw(request);
  }

  @Override
  public EndpointState state() {
    return endpoint.state();
  }
}
