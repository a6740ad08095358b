package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.HostNotice;
import io.fettle.workflows.wire.Reference;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;

/** A run that is nothing but its training loop: the product's own, on the product's own queues. */
@WorkflowInterface
public interface TrainOnly {
  @WorkflowMethod
  Checkpoint run(Request request);

  @QueryMethod
  RunStatus status();

  @UpdateMethod
  AuditEntry pause(Pause pause);

  @UpdateMethod
  String unpause(Unpause unpause);

  @SignalMethod
  void noticed(HostNotice notice);

  record Request(
      Plan plan, String input, Reference training, Reference baseModel, Reference dataset) {}

  /** As {@code FineTuneWorkflowImpl}, with one phase. */
  final class Impl implements TrainOnly {
    private final Desk desk = Desk.of(Optional.empty());
    private final TrainingLoop loop;
    private final Hosts hosts;

    @WorkflowInit
    public Impl(Request request) {
      var steps = new Steps();
      hosts = new Hosts(steps, desk, request.plan());
      var inputs =
          new TrainInputs(
              request.input(), request.training(), request.baseModel(), request.dataset());
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
    public void noticed(HostNotice notice) {
      desk.handover().noticed(notice);
    }
  }
}
