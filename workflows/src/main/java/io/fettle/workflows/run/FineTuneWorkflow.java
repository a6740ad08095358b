package io.fettle.workflows.run;

import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.training.HostNotice;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;

/** One run: rows and a base model to a model that serves, or a reason why not. */
@WorkflowInterface
public interface FineTuneWorkflow {
  /**
   * Runs every phase in order; finished steps are looked up, not repeated.
   *
   * @return how it ended
   */
  @WorkflowMethod
  RunRecord run(RunRequest request);

  /** What {@code watch} and {@code show} print. Holds no secret, row or prompt. */
  @QueryMethod
  RunStatus status();

  /**
   * Answers the approval that the run waits for.
   *
   * @return the decision as it was taken down
   */
  @UpdateMethod
  Decision decide(Decision decision);

  /** Refuses a decision that nothing waits for, or that names nobody. */
  @UpdateValidatorMethod(updateName = "decide")
  void mayDecide(Decision decision);

  /**
   * Lets a parked run try again.
   *
   * @return what it was parked for
   */
  @UpdateMethod
  String unpause(Unpause unpause);

  /** Refuses where the run is not parked. */
  @UpdateValidatorMethod(updateName = "unpause")
  void mayUnpause(Unpause unpause);

  /**
   * The host that trains has been told to leave: the next one is made ready meanwhile. Opens no
   * lease: the train closes first. A notice of another host, or of one that trains nothing, is only
   * written down.
   */
  @SignalMethod
  void noticed(HostNotice notice);
}
