package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.run.Pause;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.QueryMethod;
import io.temporal.workflow.UpdateMethod;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class RunOrdersTest {
  private static final Execution RUN = new Execution("fettle", "triage", "execution");
  private static final CapacityTerms CAPPED =
      CapacityTerms.NONE.with(Optional.empty(), Optional.of(20.0));

  /** What orders reach of a run, by the same names. */
  @WorkflowInterface
  public interface Paying {
    @WorkflowMethod
    String run();

    @QueryMethod
    CapacityTerms terms();

    @UpdateMethod
    AuditEntry pause(Pause pause);
  }

  public static final class PayingRun implements Paying {
    private String paused = "";

    @Override
    public String run() {
      Workflow.await(() -> !paused.isEmpty());
      return paused;
    }

    @Override
    public CapacityTerms terms() {
      boolean hasPlan = Workflow.getInfo().getWorkflowId().equals(RUN.run());
      return hasPlan ? CAPPED : CapacityTerms.NONE;
    }

    @Override
    public AuditEntry pause(Pause pause) {
      paused = pause.by() + ": " + pause.reason();
      return new AuditEntry("pause", pause.by(), pause.reason(), 0, "train", "paused");
    }
  }

  @Test
  void a_run_is_asked_what_it_may_cost_and_told_to_stop() {
    try (var server = server()) {
      server.newWorker("paying").registerWorkflowImplementationTypes(PayingRun.class);
      server.start();
      var client = server.getWorkflowClient();
      var run = started(client, RUN.run());
      var orders = new RunOrders(client, Runnable::run);

      assertThat(orders.terms(RUN)).contains(CAPPED);
      orders.stop(RUN, "budget: spent");
      assertThat(WorkflowStub.fromTyped(run).getResult(String.class))
          .isEqualTo("fettle: budget: spent");
    }
  }

  /** As one that was planned before, whose hosts may stand yet: they have the terms of that. */
  @Test
  void a_run_that_has_no_plan_yet_says_nothing_of_what_it_may_cost() {
    try (var server = server()) {
      server.newWorker("paying").registerWorkflowImplementationTypes(PayingRun.class);
      server.start();
      started(server.getWorkflowClient(), "planning");
      var orders = new RunOrders(server.getWorkflowClient(), Runnable::run);

      assertThat(orders.terms(new Execution("fettle", "planning", "second"))).isEmpty();
    }
  }

  private static Paying started(WorkflowClient client, String id) {
    var options = WorkflowOptions.newBuilder().setTaskQueue("paying").setWorkflowId(id).build();
    var run = client.newWorkflowStub(Paying.class, options);
    WorkflowClient.start(run::run);
    return run;
  }

  @Test
  void a_run_that_is_gone_stops_nobody_else() {
    try (var server = server()) {
      server.start();
      var orders = new RunOrders(server.getWorkflowClient(), Runnable::run);

      assertThat(orders.terms(RUN)).isEmpty();
      assertThatCode(() -> orders.stop(RUN, "budget: spent")).doesNotThrowAnyException();
    }
  }

  private static TestWorkflowEnvironment server() {
    return TestWorkflowEnvironment.newInstance(
        TestEnvironmentOptions.newBuilder()
            .setWorkflowClientOptions(
                WorkflowClientOptions.newBuilder().setDataConverter(Wire.dataConverter()).build())
            .build());
  }
}
