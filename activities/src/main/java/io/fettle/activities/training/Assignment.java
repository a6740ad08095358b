package io.fettle.activities.training;

import io.fettle.workflows.training.TrainingJob;

/** One lease's train as it lies in the work folder: what to do and for which workflow. */
record Assignment(TrainingJob job, String namespace, String workflow, String workflowRun) {
  String run() {
    return job.run();
  }

  int lease() {
    return job.lease().number();
  }
}
