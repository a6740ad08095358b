package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.training.HostNotice;
import io.temporal.workflow.CancellationScope;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInit;

/** The run, a line a phase. */
public final class FineTuneWorkflowImpl implements FineTuneWorkflow {
  private final Desk desk;
  private final Phases phases;
  private final KeptTerms kept;

  /** Handlers need the state, so it is made before the first of them runs. */
  @WorkflowInit
  public FineTuneWorkflowImpl(RunRequest request) {
    desk = Desk.of(request.continued());
    phases = new Phases(request, desk);
    kept = new KeptTerms(new Steps(Pace.SHIPPED), desk.amendments()::terms);
  }

  @Override
  public RunRecord run(RunRequest request) {
    try {
      var plan = phases.plan();
      var data = phases.prepare(plan);
      var prompted = phases.baselines(plan, data);
      var baselines = phases.curve(plan, data, prompted);
      if (request.adviceOnly()) {
        return phases.record(RunOutcome.ADVISED, baselines.why());
      }
      if (!phases.worthTraining(plan, baselines)) {
        return phases.record(RunOutcome.ADVISED_AGAINST, baselines.why());
      }
      var adapter = phases.train(plan, data);
      var merged = phases.merge(plan, adapter);
      var candidate = phases.quantize(plan, merged, data);
      var report = phases.evaluate(plan, data, baselines, adapter, candidate, merged);
      if (!phases.mayGoOn(plan, report)) {
        return phases.record(RunOutcome.REFUSED, report.why());
      }
      var decision = phases.approve(plan);
      if (!decision.approved()) {
        return phases.record(
            RunOutcome.NOT_APPROVED, "%s by %s".formatted(decision.reason(), decision.by()));
      }
      if (plan.endpoint().isEmpty()) {
        return phases.record(RunOutcome.EVALUATED, phases.why(report));
      }
      var deployment = phases.deploy(plan, candidate);
      return phases.record(RunOutcome.DEPLOYED, phases.why(report) + "; " + deployment.canary());
    } catch (HistoryFull full) {
      return phases.continueAsNew(full);
    } finally {
      CancellationScope detached =
          Workflow.newDetachedCancellationScope(() -> phases.giveBack("the run has ended"));
      detached.run();
    }
  }

  @Override
  public RunStatus status() {
    return desk.journal().status();
  }

  @Override
  public CapacityTerms terms() {
    return desk.amendments().terms();
  }

  @Override
  public Decision decide(Decision decision) {
    return desk.approval().decide(decision);
  }

  @Override
  public void mayDecide(Decision decision) {
    desk.approval().mayDecide(decision);
  }

  @Override
  public AuditEntry pause(Pause pause) {
    return desk.park().pause(pause);
  }

  @Override
  public void mayPause(Pause pause) {
    desk.park().mayPause(pause);
  }

  @Override
  public Amended amend(Amend change) {
    Amended amended = desk.amendments().amend(change);
    kept.amended(change);
    return amended;
  }

  @Override
  public void mayAmend(Amend change) {
    desk.amendments().mayAmend(change);
  }

  @Override
  public String unpause(Unpause unpause) {
    return desk.park().unpause(unpause);
  }

  @Override
  public void mayUnpause(Unpause unpause) {
    desk.park().mayUnpause(unpause);
  }

  @Override
  public void noticed(HostNotice notice) {
    desk.handover().noticed(notice);
  }
}
