package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.ClaimActivities;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Host;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import io.grpc.StatusRuntimeException;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.common.RetryOptions;
import io.temporal.serviceclient.WorkflowServiceStubs;
import io.temporal.serviceclient.WorkflowServiceStubsOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class ClaimGateTest {
  private static final String QUEUE = "claims";

  /** Longer than a poller that was told to stop needs to poll once more. */
  private static final Duration WHILE = Duration.ofSeconds(1);

  @TempDir Path state;
  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();

  @WorkflowInterface
  public interface Claiming {
    @WorkflowMethod
    Host run(ClaimRequest request);
  }

  /** A busy host's refusal is its end. */
  public static final class ClaimingOnce implements Claiming {
    @Override
    public Host run(ClaimRequest request) {
      var options =
          ActivityOptions.newBuilder()
              .setTaskQueue(QUEUE)
              .setStartToCloseTimeout(Duration.ofSeconds(30))
              .setRetryOptions(RetryOptions.newBuilder().setMaximumAttempts(1).build())
              .build();
      return Workflow.newActivityStub(ClaimActivities.class, options).claim(request);
    }
  }

  @BeforeEach
  void start() {
    server.newWorker("claiming").registerWorkflowImplementationTypes(ClaimingOnce.class);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_host_that_is_taken_takes_no_claim_from_one_that_is_free() throws Exception {
    var pool = Capacity.local(state, 2);
    for (var run : new String[] {"one", "two"}) {
      var offer = Offer.owned("local", "cpu", "free");
      pool.acquire(
          new AcquireRequest(run, offer, run, CapacityTerms.NONE),
          new Capacity.Execution("fettle", run, "1"));
    }
    try (var first = gate("local-1");
        var second = gate("local-2")) {
      first.open();
      assertThat(claim("one").getResult(Host.class).id()).isEqualTo("local-1");
      var waiting = claim("two");
      Thread.sleep(WHILE);
      second.open();
      assertThat(waiting.getResult(Host.class).id()).isEqualTo("local-2");
    }
  }

  /** Each factory asks the server for its namespace before it polls. */
  @Test
  void a_gate_whose_server_was_away_as_it_opened_opens_at_the_next_look() throws Exception {
    var pool = Capacity.local(state, 1);
    var offer = Offer.owned("local", "cpu", "free");
    pool.acquire(
        new AcquireRequest("one", offer, "one", CapacityTerms.NONE),
        new Capacity.Execution("fettle", "one", "1"));
    var nobody =
        WorkflowServiceStubs.newServiceStubs(
            WorkflowServiceStubsOptions.newBuilder()
                .setTarget("127.0.0.1:1")
                .setRpcTimeout(Duration.ofSeconds(1))
                .build());
    var clients = new ArrayDeque<>(List.of(WorkflowClient.newInstance(nobody)));
    Supplier<WorkflowClient> next =
        () -> clients.isEmpty() ? server.getWorkflowClient() : clients.pop();
    try (var gate = gate("local-1", next)) {
      assertThatThrownBy(gate::open).isInstanceOf(StatusRuntimeException.class);

      gate.open();

      assertThat(claim("one").getResult(Host.class).id()).isEqualTo("local-1");
    } finally {
      nobody.shutdownNow();
    }
  }

  private ClaimGate gate(String host) throws IOException {
    return gate(host, server::getWorkflowClient);
  }

  private ClaimGate gate(String host, Supplier<WorkflowClient> clients) throws IOException {
    var identity = new HostClaim.Identity(host, "boot", "local", "cpu");
    var claim = Capacity.localClaim(state, state.resolve("hosts").resolve(host), identity);
    return new ClaimGate(() -> Pollers.factory(clients.get(), 0), QUEUE, claim);
  }

  private WorkflowStub claim(String run) {
    var options = WorkflowOptions.newBuilder().setTaskQueue("claiming").setWorkflowId(run).build();
    var stub = server.getWorkflowClient().newWorkflowStub(Claiming.class, options);
    WorkflowClient.start(stub::run, new ClaimRequest(run, run));
    return WorkflowStub.fromTyped(stub);
  }
}
