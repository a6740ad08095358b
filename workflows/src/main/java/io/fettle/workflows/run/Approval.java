package io.fettle.workflows.run;

import io.temporal.workflow.Workflow;
import java.time.Duration;
import java.util.Optional;

/** An approval with a deadline; silence is a no. */
final class Approval {
  private final Journal journal;
  private boolean waiting;
  private Optional<Decision> decision = Optional.empty();

  Approval(Journal journal) {
    this.journal = journal;
  }

  /** Waits for a decision, at most until the deadline. */
  Decision await(Duration deadline) {
    waiting = true;
    journal.waitsFor(
        "an approval: fettle approve or fettle reject " + Workflow.getInfo().getWorkflowId());
    boolean atOnce =
        Workflow.getVersion("a-decision-counts-at-once", Workflow.DEFAULT_VERSION, 1)
            != Workflow.DEFAULT_VERSION; // before, a decided run still waited out its deadline
    Workflow.await(deadline, () -> atOnce && decision.isPresent());
    waiting = false;
    journal.waitsFor("");
    return decision.orElseGet(() -> new Decision(false, "nobody", "no answer within " + deadline));
  }

  void mayDecide(Decision proposed) {
    if (!waiting || decision.isPresent()) {
      throw new IllegalArgumentException(
          "the run does not wait for an approval; see its phase with fettle show");
    }
    if (proposed.by().isBlank()) {
      throw new IllegalArgumentException("a decision needs a name; give --by");
    }
  }

  Decision decide(Decision taken) {
    decision = Optional.of(taken);
    journal.audit(taken.approved() ? "approve" : "reject", taken.by(), taken.reason(), "", "");
    return taken;
  }
}
