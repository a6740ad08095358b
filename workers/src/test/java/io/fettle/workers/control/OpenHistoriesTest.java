package io.fettle.workers.control;

import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.workers.settings.Pollers;
import io.temporal.client.WorkflowOptions;
import io.temporal.common.WorkflowExecutionHistory;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class OpenHistoriesTest {
  /** Longer than the SDK waits for a thread of a workflow that polls. */
  private static final long SLOW_MILLIS = 1_500;

  @WorkflowInterface
  public interface Napping {
    @WorkflowMethod
    String run();
  }

  public static final class Ours implements Napping {
    @Override
    public String run() {
      Workflow.sleep(Duration.ofSeconds(1));
      return "done";
    }
  }

  public static final class OursOnABusyMachine implements Napping {
    @Override
    public String run() {
      sleepOutside(SLOW_MILLIS);
      Workflow.sleep(Duration.ofSeconds(1));
      return "done";
    }
  }

  public static final class Another implements Napping {
    @Override
    public String run() {
      return "done at once";
    }
  }

  @Test
  void a_machine_that_is_slow_to_load_a_build_is_no_mismatch_and_another_step_is_one() {
    try (var server = TestWorkflowEnvironment.newInstance()) {
      var history = history(server);
      assertThatCode(() -> replay(server, history, Ours.class)).doesNotThrowAnyException();
      assertThatCode(() -> replay(server, history, OursOnABusyMachine.class))
          .doesNotThrowAnyException();
      assertThatThrownBy(() -> replay(server, history, Another.class))
          .hasMessageContaining("NonDeterministic");
    }
  }

  private static WorkflowExecutionHistory history(TestWorkflowEnvironment server) {
    server.newWorker("napping").registerWorkflowImplementationTypes(Ours.class);
    server.start();
    var client = server.getWorkflowClient();
    var options = WorkflowOptions.newBuilder().setTaskQueue("napping").setWorkflowId("nap").build();
    client.newWorkflowStub(Napping.class, options).run();
    return client.fetchHistory("nap");
  }

  private static void replay(
      TestWorkflowEnvironment server, WorkflowExecutionHistory history, Class<?> type)
      throws Exception {
    var factory = WorkerFactory.newInstance(server.getWorkflowClient());
    try {
      Pollers.replayer(factory, type).replayWorkflowExecution(history);
    } finally {
      factory.shutdownNow();
    }
  }

  private static void sleepOutside(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
