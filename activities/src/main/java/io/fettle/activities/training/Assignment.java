package io.fettle.activities.training;

import io.fettle.workflows.training.TrainingJob;

/** One lease's train as it lies in the work folder: what to do and for which workflow. */
record Assignment(TrainingJob job, String namespace, String workflow, String workflowRun) {
  String run() {
    return job.run();
  }

  /** Whether it is that run's, or of a ledger beside the run's own, such as a learning curve's. */
  boolean isOf(String someRun) {
    return someRun.equals(job.run()) || someRun.equals(workflow);
  }

  int lease() {
    return job.lease().number();
  }
}
