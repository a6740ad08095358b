package io.fettle.workers.control;

import io.fettle.workflows.run.FineTuneWorkflowImpl;
import io.fettle.workflows.serving.DeployWorkflowImpl;

/** The workflow types of this build; the replay before an upgrade uses the same list. */
final class ControlWorkflows {
  private ControlWorkflows() {}

  static Class<?>[] types() {
    return new Class<?>[] {FineTuneWorkflowImpl.class, DeployWorkflowImpl.class};
  }
}
