package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Runs;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.ClientInterceptor;
import io.grpc.MethodDescriptor;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServerRunsTest {
  private final AtomicBoolean late = new AtomicBoolean();
  private final TestWorkflowEnvironment server =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowServiceStubsOptions(
                  WorkflowServiceStubsOptions.newBuilder()
                      .setGrpcClientInterceptors(List.of(new Late()))
                      .build())
              .build());
  private final Runs runs = Capacity.runs(server.getWorkflowClient());

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_run_is_open_until_it_is_terminated_whoever_runs_under_its_id_next() {
    var first = start();
    assertThat(state(first)).isEqualTo(Runs.State.OPEN);

    server.getWorkflowClient().newUntypedWorkflowStub("run").terminate("by the test");
    var second = start();

    assertThat(state(first)).isEqualTo(Runs.State.OVER);
    assertThat(state(second)).isEqualTo(Runs.State.OPEN);
    assertThat(state("")).as("where only the run is known").isEqualTo(Runs.State.OPEN);
  }

  @Test
  void a_run_that_the_server_does_not_know_is_not_found() {
    assertThat(state(UUID.randomUUID().toString())).isEqualTo(Runs.State.NOT_FOUND);
  }

  @Test
  void a_server_that_is_away_says_nothing() {
    var execution = start();
    server.close();

    assertThat(state(execution)).isEqualTo(Runs.State.UNREACHABLE);
  }

  @Test
  void a_server_that_was_silent_is_asked_again_only_after_a_while() {
    var nanos = new AtomicLong();
    var asking = new ServerRuns(server.getWorkflowClient(), nanos::get);
    var run = new Execution(asking.namespace(), "run", start());
    assertThat(asking.state(run)).isEqualTo(Runs.State.OPEN);
    asking.silent();
    assertThat(asking.state(run)).isEqualTo(Runs.State.UNREACHABLE);

    nanos.addAndGet(Duration.ofSeconds(15).toNanos());

    assertThat(asking.state(run)).isEqualTo(Runs.State.OPEN);
  }

  @Test
  void a_server_that_owes_three_answers_in_a_row_is_silent_and_one_that_owes_fewer_is_not() {
    var nanos = new AtomicLong();
    var asking = new ServerRuns(server.getWorkflowClient(), nanos::get);
    var run = new Execution(asking.namespace(), "run", start());
    for (int missing = 1; missing <= 3; missing++) {
      late.set(true);
      for (int i = 0; i < missing; i++) {
        assertThat(asking.state(run)).isEqualTo(Runs.State.UNREACHABLE);
      }
      late.set(false);

      assertThat(asking.state(run))
          .as("after %d", missing)
          .isEqualTo(missing < 3 ? Runs.State.OPEN : Runs.State.UNREACHABLE);
    }
  }

  /** Whose answers come after their deadlines, while it is told to. */
  private final class Late implements ClientInterceptor {
    @Override
    public <A, B> ClientCall<A, B> interceptCall(
        MethodDescriptor<A, B> method, CallOptions options, Channel next) {
      return next.newCall(
          method, late.get() ? options.withDeadlineAfter(-1, TimeUnit.SECONDS) : options);
    }
  }

  private String start() {
    var options = WorkflowOptions.newBuilder().setWorkflowId("run").setTaskQueue("nobody").build();
    WorkflowStub stub = server.getWorkflowClient().newUntypedWorkflowStub("FineTune", options);
    return stub.start().getRunId();
  }

  private Runs.State state(String workflowRun) {
    return runs.state(new Execution(runs.namespace(), "run", workflowRun));
  }
}
