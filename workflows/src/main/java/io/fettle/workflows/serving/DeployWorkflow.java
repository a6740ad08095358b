package io.fettle.workflows.serving;

import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/**
 * The entity workflow {@code deploy-{endpoint}}: the only one that changes what the endpoint's
 * alias points at.
 */
@WorkflowInterface
public interface DeployWorkflow {
  /** Owns the endpoint until it is retired; continues as new when the server suggests it. */
  @WorkflowMethod
  void own(EndpointState state);

  /**
   * Loads the model, waits until it has generated a token, flips the alias by compare-and-set,
   * drains and stops the old engine. Requests queue; a newer one supersedes a waiting one.
   *
   * @return what serves now
   * @throws io.temporal.failure.ApplicationFailure of type {@code INCUMBENT_CHANGED}, {@code
   *     SUPERSEDED}, {@code WITHDRAWN} or {@code ENGINE_FAILED}; the old engine goes on serving
   */
  @UpdateMethod
  Deployment deploy(DeployRequest request);

  /**
   * Takes a request back, as when its run is cancelled: the alias is not flipped for it any more,
   * and its engine is stopped. One whose alias has flipped stays.
   */
  @SignalMethod
  void withdraw(WithdrawDeploy request);

  /** What the endpoint serves. */
  @QueryMethod
  EndpointState state();
}
