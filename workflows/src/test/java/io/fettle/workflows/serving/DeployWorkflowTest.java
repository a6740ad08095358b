package io.fettle.workflows.serving;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.SearchAttributes;
import io.fettle.workflows.wire.TaskQueues;
import io.fettle.workflows.wire.Wire;
import io.fettle.workflows.wire.WorkflowIds;
import io.temporal.client.UpdateOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowClientOptions;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowUpdateException;
import io.temporal.client.WorkflowUpdateHandle;
import io.temporal.client.WorkflowUpdateStage;
import io.temporal.testing.TestEnvironmentOptions;
import io.temporal.testing.TestWorkflowEnvironment;
import io.temporal.testing.WorkflowReplayer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class DeployWorkflowTest {
  private static final String ID = WorkflowIds.deploy("triage");

  private final TestWorkflowEnvironment server =
      TestWorkflowEnvironment.newInstance(
          TestEnvironmentOptions.newBuilder()
              .setWorkflowClientOptions(
                  WorkflowClientOptions.newBuilder().setDataConverter(Wire.dataConverter()).build())
              .build());
  private final FakeEngines engines = new FakeEngines();

  @BeforeEach
  void start() {
    SearchAttributes.ALL.forEach(
        key -> server.registerSearchAttribute(key.getName(), key.getValueType()));
    var control = server.newWorker(TaskQueues.CONTROL);
    control.registerWorkflowImplementationTypes(DeployWorkflowImpl.class);
    control.registerActivitiesImplementations(engines);
    server.newWorker("host-queue").registerActivitiesImplementations(engines);
    server.start();
  }

  @AfterEach
  void stop() {
    server.close();
  }

  @Test
  void a_deploy_flips_the_alias_only_once_the_engine_has_generated_a_token() throws IOException {
    Deployment done = endpoint().deploy(request("m1", 0));

    assertThat(engines.calls).containsExactly("load m1", "ready m1", "flip m1");
    assertThat(done.alias().version()).isEqualTo(1);
    assertThat(done.canary()).isEqualTo("no canary");
    replayAndKeep("first-deploy");
  }

  @Test
  void the_old_engine_is_stopped_after_the_flip() {
    DeployWorkflow endpoint = endpoint();
    endpoint.deploy(request("m1", 0));
    endpoint.deploy(request("m2", 1));

    assertThat(engines.calls).endsWith("load m2", "ready m2", "flip m2", "stop m1");
    assertThat(endpoint.state().alias().orElseThrow().modelId()).isEqualTo("m2");
  }

  @Test
  void a_changed_incumbent_refuses_the_flip_and_the_old_model_goes_on_serving() {
    DeployWorkflow endpoint = endpoint();
    endpoint.deploy(request("m1", 0));

    assertThatThrownBy(() -> endpoint.deploy(request("m2", 0)))
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .hasMessageContaining("version 1 is not 0");
    assertThat(endpoint.state().alias().orElseThrow().modelId()).isEqualTo("m1");
  }

  @Test
  void a_request_that_is_taken_back_while_its_engine_loads_is_never_routed_to() throws IOException {
    DeployWorkflow endpoint = endpoint();
    endpoint.deploy(request("m1", 0));
    engines.onReady = () -> endpoint.withdraw(new WithdrawDeploy("triage", "m2-by-cancelled"));

    assertThatThrownBy(() -> deploy(request("m2", 1), "m2-by-cancelled-1"))
        .rootCause()
        .hasMessageContaining("was taken back");

    assertThat(engines.calls).endsWith("load m2", "ready m2", "stop m2");
    assertThat(endpoint.state().alias().orElseThrow().modelId()).isEqualTo("m1");
    replayAndKeep("withdrawn");
  }

  @Test
  void a_second_attempt_at_what_already_serves_is_answered_with_it() {
    DeployWorkflow endpoint = endpoint();
    Deployment first = endpoint.deploy(request("m1", 0));

    assertThat(endpoint.deploy(request("m1", 0))).isEqualTo(first);
    assertThat(engines.calls).containsExactly("load m1", "ready m1", "flip m1");
  }

  @Test
  void one_that_waits_is_not_superseded_by_a_newer_one_that_was_taken_back() throws Exception {
    DeployWorkflow endpoint = endpoint();
    var loading = new CountDownLatch(1);
    var waiting = new CountDownLatch(1);
    engines.onReady =
        () -> {
          loading.countDown();
          awaited(waiting);
        };
    var first = started(request("m1", 0), "m1-1");
    awaited(loading);
    engines.onReady = () -> {};
    var second = started(request("m2", 1), "m2-1");
    var third = started(request("m3", 1), "m3-1");
    endpoint.withdraw(new WithdrawDeploy("triage", "m3"));
    waiting.countDown();

    first.getResultAsync().get();
    assertThat(second.getResultAsync().get().alias().modelId()).isEqualTo("m2");
    assertThatThrownBy(() -> third.getResultAsync().get())
        .rootCause()
        .hasMessageContaining("was taken back");
  }

  private static void awaited(CountDownLatch latch) {
    try {
      assertThat(latch.await(20, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException stopping) {
      throw new AssertionError(stopping);
    }
  }

  private Deployment deploy(DeployRequest request, String update) throws Throwable {
    try {
      return started(request, update).getResultAsync().get();
    } catch (ExecutionException failed) {
      throw failed.getCause();
    }
  }

  private WorkflowUpdateHandle<Deployment> started(DeployRequest request, String update) {
    return server
        .getWorkflowClient()
        .newUntypedWorkflowStub(ID)
        .startUpdate(
            UpdateOptions.newBuilder(Deployment.class)
                .setUpdateName("deploy")
                .setUpdateId(update)
                .setWaitForStage(WorkflowUpdateStage.ACCEPTED)
                .build(),
            request);
  }

  private DeployWorkflow endpoint() {
    DeployWorkflow endpoint =
        server
            .getWorkflowClient()
            .newWorkflowStub(
                DeployWorkflow.class,
                WorkflowOptions.newBuilder()
                    .setWorkflowId(ID)
                    .setTaskQueue(TaskQueues.CONTROL)
                    .build());
    WorkflowClient.start(
        endpoint::own, new EndpointState("triage", Optional.empty(), Optional.empty()));
    return endpoint;
  }

  private static DeployRequest request(String model, int incumbent) {
    Reference blob = new Reference(URI.create("file:///store/x"), "0".repeat(64));
    return new DeployRequest(
        "triage", "triage-0123abcd", model, blob, blob, "host-queue", incumbent);
  }

  private void replayAndKeep(String name) throws IOException {
    var history = server.getWorkflowClient().fetchHistory(ID);
    Path file = Path.of("src/test/resources/histories/0.1/DeployWorkflow", name + ".json");
    if (Boolean.getBoolean("histories.write") && !Files.exists(file)) {
      Files.createDirectories(file.getParent());
      Files.writeString(file, history.toJson(true) + "\n");
    }
    try {
      WorkflowReplayer.replayWorkflowExecution(history, DeployWorkflowImpl.class);
    } catch (Exception mismatch) {
      throw new AssertionError("the history does not replay", mismatch);
    }
  }

  /** Engines and an alias that keeps its versions. */
  static final class FakeEngines implements EngineActivities, AliasActivities {
    final List<String> calls = Collections.synchronizedList(new ArrayList<>());
    volatile Runnable onReady = () -> {};
    private Optional<Alias> alias = Optional.empty();

    @Override
    public Engine loadEngine(LoadEngine request) {
      calls.add("load " + request.modelId());
      return new Engine(
          request.modelId(), "http://127.0.0.1:1", "fake", request.modelId(), "host-queue", false);
    }

    @Override
    public void engineReady(Engine engine) {
      calls.add("ready " + engine.modelName());
      onReady.run();
    }

    @Override
    public void stopEngine(StopEngine request) {
      calls.add("stop " + request.key());
    }

    @Override
    public void stopEngines(StopEngines request) {}

    @Override
    public Optional<Alias> currentAlias(String endpoint) {
      return alias;
    }

    @Override
    public Alias flipAlias(FlipAlias request) {
      int version = alias.map(Alias::version).orElse(0);
      if (version != request.expected()) {
        throw FailureType.INCUMBENT_CHANGED.failure(
            "version %d is not %d".formatted(version, request.expected()));
      }
      calls.add("flip " + request.modelId());
      Alias flipped =
          new Alias(
              request.endpoint(),
              version + 1,
              request.modelId(),
              request.engineUrl(),
              request.modelName());
      alias = Optional.of(flipped);
      return flipped;
    }
  }
}
