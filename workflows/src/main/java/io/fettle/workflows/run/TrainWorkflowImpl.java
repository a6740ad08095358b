package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.HostNotice;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import java.util.Optional;

/** As {@link FineTuneWorkflowImpl}, with one phase and one execution. */
public final class TrainWorkflowImpl implements TrainWorkflow {
  private final Desk desk = Desk.of(Optional.empty());
  private final TrainingLoop loop;
  private final Hosts hosts;

  /** Handlers need the state, so it is made before the first of them runs. */
  @WorkflowInit
  public TrainWorkflowImpl(Request request) {
    var steps = new Steps(request.pace());
    desk.amendments().planned(request.plan());
    hosts = new Hosts(steps, desk, request.plan());
    var inputs =
        new TrainInputs(
            Workflow.getInfo().getWorkflowId(),
            request.input(),
            request.training(),
            request.baseModel(),
            request.dataset());
    loop = new TrainingLoop(steps, hosts, desk, request.plan(), inputs, Optional.empty());
  }

  @Override
  public Checkpoint run(Request request) {
    try {
      return desk.journal().phase("train", loop::run, checkpoint -> "step " + checkpoint.step());
    } finally {
      CancellationScope release =
          Workflow.newDetachedCancellationScope(() -> hosts.giveBack("the run is over", ""));
      release.run();
    }
  }

  @Override
  public RunStatus status() {
    return desk.journal().status();
  }

  @Override
  public AuditEntry pause(Pause pause) {
    return desk.park().pause(pause);
  }

  @Override
  public String unpause(Unpause unpause) {
    return desk.park().unpause(unpause);
  }

  @Override
  public Amended amend(Amend change) {
    return desk.amendments().amend(change);
  }

  @Override
  public void mayAmend(Amend change) {
    desk.amendments().mayAmend(change);
  }

  @Override
  public void noticed(HostNotice notice) {
    desk.handover().noticed(notice);
  }
}
