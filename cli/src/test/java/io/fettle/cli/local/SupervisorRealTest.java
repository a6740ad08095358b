package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Program;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.wire.Wire;
import io.temporal.activity.ActivityInterface;
import io.temporal.activity.ActivityOptions;
import io.temporal.client.WorkflowClient;
import io.temporal.client.WorkflowOptions;
import io.temporal.client.WorkflowStub;
import io.temporal.worker.WorkerFactory;
import io.temporal.workflow.Workflow;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The real server, the real processes, and {@code kill -9} for each of them. */
@Tag("real")
class SupervisorRealTest {
  private static final Duration SOON = Duration.ofSeconds(60);
  private static final String QUEUE = "supervisor-test";

  @TempDir private static Path folder;
  private static LocalCluster cluster;

  @BeforeAll
  static void up() throws Exception {
    cluster = LocalCluster.current(Progress.silent()).isolated(folder);
    cluster.ensureUp().close();
  }

  @AfterAll
  static void down() throws InterruptedException {
    cluster.down();
  }

  @Test
  void a_busy_usual_port_is_left_alone() throws Exception {
    var usual = new InetSocketAddress(Ports.loopback(), EmbeddedServer.USUAL_PORT);
    var other = Files.createTempDirectory("fettle-busy");
    var second = cluster.isolated(other, Map.of("FETTLE_PORTS", "usual"));
    try (var taken = new ServerSocket()) {
      if (Ports.isFree(EmbeddedServer.USUAL_PORT)) {
        taken.bind(usual);
      }
      second.ensureUp().close();
      assertThat(process(second, "temporal").port()).isNotEqualTo(EmbeddedServer.USUAL_PORT);
      assertThat(process(second, "temporal").port()).isNotEqualTo(process("temporal").port());
    } finally {
      second.down();
      Folders.delete(other);
    }
  }

  @Test
  void up_twice_starts_nothing_twice() throws Exception {
    var before = cluster.status();
    cluster.ensureUp().close();
    assertThat(cluster.status()).isEqualTo(before);
  }

  @Test
  void where_the_control_plane_is_elsewhere_nothing_is_started_here() throws Exception {
    var other = Files.createTempDirectory("fettle-elsewhere");
    var remote =
        new HashMap<>(
            Map.of(
                "FETTLE_CONTROL",
                "remote",
                "FETTLE_STORE",
                cluster.store().root().toString(),
                "FETTLE_TEMPORAL_ADDRESS",
                "127.0.0.1:" + process("temporal").port()));
    try {
      awaitUp("control");
      var elsewhere = cluster.isolated(other, remote);
      elsewhere.ensureUp().close();
      assertThat(elsewhere.status().processes()).isEmpty();

      remote.put("FETTLE_TEMPORAL_NAMESPACE", "default"); // every server of development has it
      assertThatThrownBy(() -> cluster.isolated(other, remote).ensureUp())
          .hasMessageContaining("no control worker asks");
      var both = new HashMap<>(remote);
      both.remove("FETTLE_TEMPORAL_NAMESPACE");
      assertThatThrownBy(() -> cluster.isolated(home().path(), both).ensureUp())
          .hasMessageContaining("run `fettle down` first");
    } finally {
      Folders.delete(other);
    }
  }

  @Test
  void a_killed_server_comes_back_on_its_port_and_a_run_in_progress_ends() throws Exception {
    var before = process("temporal");
    try (var connection = cluster.connect()) {
      var factory = worker(connection.client());
      var run = start(connection.client());
      assertThat(Waiting.until(SOON, () -> Beats.COUNT.get() >= 5)).isTrue();
      before.id().killTree();
      assertThat(run.getResult(60, TimeUnit.SECONDS, Integer.class)).isEqualTo(Beats.IN_ALL);
      factory.shutdownNow();
    }
    var after = process("temporal");
    assertThat(after.pid()).isNotEqualTo(before.pid());
    assertThat(after.port()).isEqualTo(before.port());
    assertThat(Duration.between(before.startedAt(), after.startedAt())).isPositive();
  }

  @Test
  void a_killed_control_worker_is_started_again() {
    var before = process("control");
    before.id().killTree();
    awaitAnother(before);
  }

  @Test
  void the_next_supervisor_adopts_what_the_killed_one_left() throws Exception {
    var server = process("temporal");
    var control = process("control");
    var supervisor = SupervisorFile.ofLiving(cluster.home()).orElseThrow().id();
    supervisor.find().orElseThrow().destroyForcibly();
    assertThat(Waiting.until(SOON, () -> !supervisor.isAlive())).isTrue();
    assertAnotherStoreIsRefused();
    cluster.ensureUp().close();
    assertThat(process("temporal").pid()).isEqualTo(server.pid());
    assertThat(process("control").pid()).isEqualTo(control.pid());
    control.id().killTree(); // adopted means watched too
    awaitAnother(control);
  }

  /** Whose workers would leave the runs and hosts of this one alone. */
  private static void assertAnotherStoreIsRefused() throws Exception {
    var another = Map.of("FETTLE_STORE", home().path().resolve("another").toUri().toString());
    assertThatThrownBy(() -> cluster.isolated(home().path(), another).ensureUp())
        .hasMessageContaining("run `fettle down` first");
  }

  @Test
  void a_host_taken_away_loses_agent_and_trainer_at_once_and_never_comes_back() throws Exception {
    pool("doomed", null);
    assertThat(Waiting.until(SOON, () -> find("agent-doomed").isPresent())).isTrue();
    var trainer =
        Program.start(
            new Program.Spec(
                List.of("sleep", "600"), home().hosts().resolve("doomed/work/r-000001"), Map.of()));
    pool("doomed", new PoolHost.Notice(Instant.now(), 0.5));
    assertThat(Waiting.until(SOON, () -> isTerminated("doomed"))).isTrue();
    assertThat(trainer.await(SOON)).containsInstanceOf(Program.Exit.Killed.class);
    assertThat(Waiting.until(SOON, () -> !process("agent-doomed").id().isAlive())).isTrue();
    var last = process("agent-doomed");
    var control = process("control");
    control.id().killTree();
    awaitAnother(control); // so the supervisor has looked again since
    assertThat(process("agent-doomed")).isEqualTo(last);
    assertThat(last.state()).isEqualTo(ProcessFile.State.STOPPED);
  }

  @Test
  void a_rebuilt_fettle_takes_the_server_over_and_replaces_the_workers() throws Exception {
    var server = process("temporal");
    var control = process("control");
    forgetBuild(home().supervisorFile());
    forgetBuild(ProcessFile.path(home(), "control"));
    assertAnotherStoreIsRefused();
    cluster.ensureUp().close();
    awaitAnother(control);
    assertThat(process("temporal").pid()).isEqualTo(server.pid());
    assertThat(control.id().isAlive()).isFalse();
  }

  @Test
  void a_run_that_a_build_cannot_go_on_with_is_named_before_it_is_touched() throws Exception {
    try (var connection = cluster.connect()) {
      var factory = Pollers.factory(connection.client(), 10);
      factory
          .newWorker("another-build", Pollers.options(1).build())
          .registerWorkflowImplementationTypes(OtherBuild.class);
      factory.start();
      var run = startOther(connection.client());
      var control = process("control");
      control.id().killTree();
      awaitAnother(control);
      var named = Waiting.until(SOON, () -> !cluster.status().heldBack().isEmpty());
      assertThat(named).isTrue();
      assertThat(cluster.status().heldBack()).singleElement().asString().contains("run other-1");
      awaitUp("control"); // no build before is kept here, so the others go on with this one
      run.terminate("the test is over");
      factory.shutdownNow();
    }
  }

  private static WorkflowStub startOther(WorkflowClient client) {
    var options =
        WorkflowOptions.newBuilder().setTaskQueue("another-build").setWorkflowId("other-1").build();
    var stub = client.newUntypedWorkflowStub("FineTuneWorkflow", options);
    stub.start(Map.of());
    assertThat(
            Waiting.until(
                SOON,
                () ->
                    client.fetchHistory("other-1").getEvents().stream()
                        .anyMatch(event -> event.hasTimerStartedEventAttributes())))
        .isTrue();
    return stub;
  }

  /** The run's workflow as no build of ours was: it begins with a timer. */
  @WorkflowInterface
  public interface Other {
    @WorkflowMethod(name = "FineTuneWorkflow")
    void run(Map<String, String> request);
  }

  /** The other build's implementation. */
  public static final class OtherBuild implements Other {
    @Override
    public void run(Map<String, String> request) {
      Workflow.sleep(Duration.ofHours(1));
    }
  }

  private static void awaitUp(String name) {
    assertThat(Waiting.until(SOON, () -> process(name).state() == ProcessFile.State.UP)).isTrue();
  }

  private static void forgetBuild(Path file) throws IOException {
    var tree = (ObjectNode) Wire.mapper().readTree(file.toFile());
    JsonFile.write(file, tree.put("app", "the build before"));
  }

  private static void pool(String host, PoolHost.@Nullable Notice notice) throws IOException {
    var file = home().pool().resolve(host + ".json");
    JsonFile.write(file, new PoolHost(host, "cpu", "running", notice, false));
  }

  private static boolean isTerminated(String host) {
    return JsonFile.read(home().pool().resolve(host + ".json"), PoolHost.class)
        .orElseThrow()
        .terminated();
  }

  private static Home home() {
    return cluster.home();
  }

  private static Optional<ProcessFile> find(String name) {
    return ProcessFile.read(home(), name);
  }

  private static void awaitAnother(ProcessFile before) {
    assertThat(
            Waiting.until(
                SOON,
                () -> {
                  var now = process(before.name());
                  return now.pid() != before.pid() && now.state() == ProcessFile.State.UP;
                }))
        .as("another %s", before)
        .isTrue();
  }

  private static ProcessFile process(String name) {
    return process(cluster, name);
  }

  private static ProcessFile process(LocalCluster of, String name) {
    return ProcessFile.read(of.home(), name).orElseThrow();
  }

  private static WorkerFactory worker(WorkflowClient client) {
    var factory = Pollers.factory(client, 10);
    var worker = factory.newWorker(QUEUE, Pollers.options(2).build());
    worker.registerWorkflowImplementationTypes(Beats.Impl.class);
    worker.registerActivitiesImplementations((Beats.Beat) () -> Beats.COUNT.incrementAndGet());
    factory.start();
    return factory;
  }

  private static WorkflowStub start(WorkflowClient client) {
    var options =
        WorkflowOptions.newBuilder()
            .setTaskQueue(QUEUE)
            .setWorkflowId("beats-" + UUID.randomUUID())
            .build();
    var stub = client.newWorkflowStub(Beats.class, options);
    WorkflowClient.start(stub::run);
    return WorkflowStub.fromTyped(stub);
  }

  /** Enough steps that a kill comes in the midst of them. */
  @WorkflowInterface
  public interface Beats {
    int IN_ALL = 60;
    AtomicInteger COUNT = new AtomicInteger();

    @WorkflowMethod
    int run();

    @ActivityInterface
    interface Beat {
      void beat();
    }

    final class Impl implements Beats {
      @Override
      public int run() {
        var options =
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(5)).build();
        var beat = Workflow.newActivityStub(Beat.class, options);
        for (int i = 0; i < IN_ALL; i++) {
          beat.beat();
        }
        return IN_ALL;
      }
    }
  }
}
