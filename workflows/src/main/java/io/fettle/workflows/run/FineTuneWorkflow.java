package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.spec.CapacityTerms;
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

  /** What the run's hosts may cost and when they have to be done, amendments included. */
  @QueryMethod
  CapacityTerms terms();

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
   * Has the run wait for an operator, its host given back. A train saves at its next step boundary
   * and its lease ends as {@code Paused}, which spends no retry; anything else waits before the
   * next step.
   *
   * @return the order as it was written down
   */
  @UpdateMethod
  AuditEntry pause(Pause pause);

  /** Refuses where the run waits already or is over, and a pause that names nobody or no reason. */
  @UpdateValidatorMethod(updateName = "pause")
  void mayPause(Pause pause);

  /**
   * Changes what a live run still will do.
   *
   * @return what was changed, each with the value before
   */
  @UpdateMethod
  Amended amend(Amend change);

  /** Refuses what is unknown, or would change nothing, or nothing would honour. */
  @UpdateValidatorMethod(updateName = "amend")
  void mayAmend(Amend change);

  /**
   * Lets a parked or paused run go on; from the newest checkpoint, where it trains.
   *
   * @return what it waited for
   */
  @UpdateMethod
  String unpause(Unpause unpause);

  /** Refuses where the run is neither parked nor paused. */
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
