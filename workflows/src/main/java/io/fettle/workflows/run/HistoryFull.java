package io.fettle.workflows.run;

import io.fettle.workflows.training.Remedy;

/**
 * Between two leases, with no host held: the server suggests that the run continues as new. Never
 * leaves the workflow.
 */
final class HistoryFull extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient Continued.Crashes crashes;
  private final transient Remedy remedy;

  HistoryFull(Continued.Crashes crashes, Remedy remedy) {
    super("the history is full", null, false, false);
    this.crashes = crashes;
    this.remedy = remedy;
  }

  Continued.Crashes crashes() {
    return crashes;
  }

  Remedy remedy() {
    return remedy;
  }
}
