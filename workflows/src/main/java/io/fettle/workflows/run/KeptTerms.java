package io.fettle.workflows.run;

import io.fettle.workflows.capacity.KeepTerms;
import io.fettle.workflows.spec.CapacityTerms;
import io.temporal.workflow.Workflow;
import java.util.function.Supplier;

/**
 * Keeps an amended budget outside the run before the order is answered: whoever watches what hosts
 * cost knows it then, although the run may not answer just when it counts.
 */
final class KeptTerms {
  private final Steps steps;
  private final Supplier<CapacityTerms> newest;
  private boolean underWay;

  /**
   * @param newest as they stand when they are kept
   */
  KeptTerms(Steps steps, Supplier<CapacityTerms> newest) {
    this.steps = steps;
    this.newest = newest;
  }

  void amended(Amend change) {
    if (change.dollars().isEmpty()
        || Workflow.getVersion("amended-terms-are-kept", Workflow.DEFAULT_VERSION, 1)
            == Workflow.DEFAULT_VERSION) {
      return;
    }
    Workflow.await(() -> !underWay); // of two orders at once the later is kept last
    underWay = true;
    try {
      steps
          .capacity("keep the amended budget")
          .keepTerms(new KeepTerms(Workflow.getInfo().getWorkflowId(), newest.get()));
    } finally {
      underWay = false;
    }
  }
}
