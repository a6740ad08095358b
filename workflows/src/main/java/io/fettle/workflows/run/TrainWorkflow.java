package io.fettle.workflows.run;

import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.HostNotice;
import io.fettle.workflows.wire.Reference;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.SignalMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.UpdateValidatorMethod;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * A run that is nothing but its training loop, on the product's own queues. Benchmarks and tests
 * register it beside the product's processes; no worker of the product does, so its histories end
 * with the build that made them.
 */
@WorkflowInterface
public interface TrainWorkflow {
  @WorkflowMethod
  Checkpoint run(Request request);

  @QueryMethod
  RunStatus status();

  @UpdateMethod
  AuditEntry pause(Pause pause);

  @UpdateMethod
  String unpause(Unpause unpause);

  @UpdateMethod
  Amended amend(Amend change);

  @UpdateValidatorMethod(updateName = "amend")
  void mayAmend(Amend change);

  @SignalMethod
  void noticed(HostNotice notice);

  /** What is trained, and how patiently. */
  record Request(
      Plan plan,
      String input,
      Reference training,
      Reference baseModel,
      Reference dataset,
      Pace pace) {

    /** The plan of a train alone: LoRA on the local pool's CPU, nothing before or after it. */
    public static Plan plan(
        Reference config, String title, Duration lease, int crashesAllowed, int microBatch) {
      return plan(
          config, title, lease, crashesAllowed, microBatch, List.of("local"), CapacityTerms.NONE);
    }

    /** The same on other pools, for what their hosts may cost. */
    public static Plan plan(
        Reference config,
        String title,
        Duration lease,
        int crashesAllowed,
        int microBatch,
        List<String> pools,
        CapacityTerms terms) {
      return new Plan(
          config,
          title,
          "tiny",
          pools,
          "cpu",
          lease,
          crashesAllowed,
          true,
          true,
          microBatch,
          false,
          "none",
          List.of(),
          false,
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          0,
          0,
          0,
          List.of(),
          PlannedArms.NONE,
          terms,
          List.of(),
          Optional.empty());
    }
  }
}
