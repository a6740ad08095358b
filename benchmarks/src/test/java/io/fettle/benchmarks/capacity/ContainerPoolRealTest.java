package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.store.ObjectStore;
import io.fettle.benchmarks.OwnHome;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.lineage.RunRecord;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.testcontainers.DockerClientFactory;
import org.testcontainers.containers.GenericContainer;
import org.testcontainers.utility.DockerImageName;

/** A pool on LocalStack's EC2, and a run on Temporal, in containers where there is an engine. */
@Tag("real")
@Timeout(900)
class ContainerPoolRealTest {
  private static final String LOCALSTACK = "localstack/localstack:4.9.2";
  private static final int LOCALSTACK_PORT = 4566;
  private static final String TEMPORAL = "temporalio/temporal:1.5.1";
  private static final int TEMPORAL_PORT = 7233;
  private static final Duration LOOK = Duration.ofSeconds(20);

  @TempDir Path folder;

  @BeforeAll
  static void needs_an_engine() {
    assumeTrue(
        DockerClientFactory.instance().isDockerAvailable(),
        "there is no container engine here; the same ran against processes");
  }

  @SuppressWarnings("resource") // closed by who starts it
  private static GenericContainer<?> container(String image, int port) {
    return new GenericContainer<>(DockerImageName.parse(image)).withExposedPorts(port);
  }

  private static String address(GenericContainer<?> container, int port) {
    return container.getHost() + ":" + container.getMappedPort(port);
  }

  @Test
  void a_host_of_localstack_is_launched_once_and_given_back() throws Exception {
    try (var server = container(LOCALSTACK, LOCALSTACK_PORT).withEnv("SERVICES", "ec2");
        var store = Pools.store(Files.createDirectory(folder.resolve("store")))) {
      server.start();
      aHostIsLaunchedOnceAndGivenBack(
          URI.create("http://" + address(server, LOCALSTACK_PORT)), store);
    }
  }

  private static void aHostIsLaunchedOnceAndGivenBack(URI ec2, ObjectStore store) throws Exception {
    var clock = new VirtualClock();
    try (var account = new Ec2Account(ec2, 1)) {
      var cloud = Pools.cloud("me", ec2, account.zones());
      var pool = Pools.pool(cloud, "me", store, clock, Crash.NEVER);
      var request = Pools.request(cloud, "run-1", "t");

      String machine = pool.acquire(request, Pools.by("run-1")).providerId();
      assertThat(pool.acquire(request, Pools.by("run-1")).providerId()).isEqualTo(machine);
      clock.pass(Duration.ofMinutes(2));
      assertThat(pool.describe(new DescribeRequest("run-1", Ec2Account.POOL, machine, "t")).state())
          .isEqualTo(HostState.RUNNING);

      pool.release(Pools.release("run-1", "t"));
      for (int i = 0; i < 12; i++) {
        pool.sweep(Pools.all(Runs.State.OVER), clock.instant());
        clock.pass(LOOK);
      }
      assertThat(account.living("fettle-owner", "me")).isZero();
      assertThat(store.list("capacity/open/")).isEmpty();
    }
  }

  @Test
  void a_run_ends_on_temporal_in_a_container() throws Exception {
    try (var server =
        container(TEMPORAL, TEMPORAL_PORT)
            .withCommand("server", "start-dev", "--ip", "0.0.0.0", "--namespace", "fettle")) {
      server.start();
      aRunEndsOn(address(server, TEMPORAL_PORT));
    }
  }

  private void aRunEndsOn(String temporal) throws Exception {
    var settings =
        Map.of("FETTLE_TEMPORAL_ADDRESS", temporal, "FETTLE_TEMPORAL_NAMESPACE", "fettle");
    var model = TinyRun.model(folder);
    try (var home = new OwnHome(folder.resolve("home"), settings);
        var connection = home.cluster().ensureUp()) {
      var run =
          new Submission(connection.client(), home.cluster().store())
              .start(TinyRun.local(model, List.of("train.max_steps=5")), false);
      var record =
          connection
              .client()
              .newUntypedWorkflowStub(run)
              .getResult(10, TimeUnit.MINUTES, RunRecord.class);

      assertThat(record.verdict()).isNotEmpty();
    }
  }
}
