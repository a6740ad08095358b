package io.fettle.workers.control;

import io.fettle.workflows.run.FineTuneWorkflowImpl;
import io.fettle.workflows.serving.DeployWorkflowImpl;

/** The workflow types of this build; the replay before an upgrade uses the same list. */
final class ControlWorkflows {
  private ControlWorkflows() {}

  /** Those whose executions go on with the next build also where runs stay on theirs. */
  static Class<?>[] upgrading() {
    return new Class<?>[] {DeployWorkflowImpl.class};
  }

  static Class<?>[] types() {
    return new Class<?>[] {FineTuneWorkflowImpl.class, DeployWorkflowImpl.class};
  }
}
