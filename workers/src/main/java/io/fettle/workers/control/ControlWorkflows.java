package io.fettle.workers.control;

import io.fettle.workflows.run.FineTuneWorkflowImpl;
import io.fettle.workflows.serving.DeployWorkflowImpl;
import io.fettle.workflows.serving.UpgradingDeployWorkflow;

/** The workflow types of this build; the replay before an upgrade uses the same list. */
final class ControlWorkflows {
  private ControlWorkflows() {}

  static Class<?>[] types() {
    return new Class<?>[] {FineTuneWorkflowImpl.class, DeployWorkflowImpl.class};
  }

  /** The same for a worker of a deployment. */
  static Class<?>[] boundTypes() {
    return new Class<?>[] {FineTuneWorkflowImpl.class, UpgradingDeployWorkflow.class};
  }

  /** Those of a deployment whose executions go on with its current build. */
  static Class<?>[] upgradingTypes() {
    return new Class<?>[] {UpgradingDeployWorkflow.class};
  }
}
