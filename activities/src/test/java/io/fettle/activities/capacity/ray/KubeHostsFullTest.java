package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.DeletionPropagation;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.capacity.elastic.ElasticPool.Patience;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.HostDescription;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.assertj.core.api.AbstractThrowableAssert;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The pool against a real API server and KubeRay's real operator, whose jobs run on a real Ray head
 * of this machine. The client is the chart's service account with the chart's role.
 */
@Tag("full")
@Timeout(400)
class KubeHostsFullTest {
  private static final Duration PATIENCE = KubeNamespace.PATIENCE;
  private static final AtomicInteger NAMESPACES = new AtomicInteger();

  private static RayHead head;
  private static Relay dashboards;
  private static KubeCluster cluster;

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private KubeNamespace here;
  private String token;
  private ObjectStore store;

  @BeforeAll
  static void startKubernetes() throws Exception {
    var parts = KubeParts.builtOrAborted();
    head = new RayHead();
    dashboards = new Relay(head.address());
    cluster = new KubeCluster(parts, dashboards.address().toString());
  }

  @AfterAll
  static void stopKubernetes() {
    if (cluster != null) {
      cluster.close();
    }
    if (head != null) {
      dashboards.close();
      head.close();
    }
  }

  @BeforeEach
  void start() throws Exception {
    here = new KubeNamespace(cluster, "n" + NAMESPACES.incrementAndGet());
    token = here.name() + "-a";
    cluster.namespace(here.name(), "baseline");
    cluster.install(here.name(), "ray", Map.of("control.pools.kube.namespace", here.name()));
    store = Stores.open(Files.createDirectory(folder.resolve("store")).toUri());
  }

  @AfterEach
  void stop() throws IOException {
    here.jobs().delete();
    store.close();
  }

  @Test
  void a_host_is_launched_runs_and_leaves_nothing_behind() throws Exception {
    var pool = pool(cloud(Map.of()), store);

    var acquired = pool.acquire(Intents.request(token, offer()), Intents.by());
    assertThat(acquired.providerId()).isEqualTo("fettle-" + token);
    assertThat(pool.describe(Intents.described(token)).state()).isEqualTo(HostState.PENDING);
    running(token);
    assertThat(here.pods())
        .hasSize(2)
        .allMatch(pod -> pod.getStatus().getPhase().equals("Running"));
    assertThat(here.pods())
        .extracting(pod -> pod.getSpec().getNodeName())
        .containsExactlyInAnyOrder("plain", "gpus");
    now = now.plusSeconds(3600);
    pool.release(Intents.released(token));

    here.awaitNoHost();
    assertThat(pool.describe(Intents.described(token)).state()).isEqualTo(HostState.TERMINATED);
    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(end(token)).contains("\"dollars\":0.45");
  }

  @Test
  void a_repeated_token_adopts_the_rayjob_that_is_there() throws Exception {
    var cloud = cloud(Map.of());
    var pool = pool(cloud, store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    var first = here.jobs().list().getItems().getFirst().getMetadata().getUid();

    pool.acquire(Intents.request(token, offer()), Intents.by());
    cloud.launch(Intents.of(token, offer())); // past the pool's own look

    assertThat(here.jobs().list().getItems()).hasSize(1);
    running(token);
    var machine = cloud.launch(Intents.of(token, offer()));
    assertThat(machine).isEqualTo(cloud.machines(token).getFirst());
    assertThat(machine.state()).isEqualTo(HostState.RUNNING);
    assertThat(here.jobs().list().getItems().getFirst().getMetadata().getUid()).isEqualTo(first);
    assertThat(here.rayClusters()).hasSize(1);
  }

  @Test
  void the_longest_token_gives_names_that_the_operator_takes() throws Exception {
    var longest = (here.name() + "-0123456789012345678901234567890123456789").substring(0, 40);
    cloud(Map.of()).launch(Intents.of(longest, offer()));

    running(longest);
  }

  @Test
  void a_host_whose_agent_never_joins_is_given_back_and_counted() throws Exception {
    var pool = pool(cloud(Map.of()), store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    running(token);
    var told = new StringBuilder();

    for (var end = now.plus(Duration.ofMinutes(14)); now.isBefore(end); ) {
      now = now.plusSeconds(20);
      pool.sweep(Intents.all(Runs.State.OPEN), now).forEach(told::append);
    }

    assertThat(told).contains("its agent never joined");
    here.awaitNoHost();
    assertThat(end(token)).contains("\"joined\":false", "its agent never joined");
    assertThat(store.list("capacity/open/")).isEmpty();
  }

  @Test
  void an_agent_that_fails_is_an_end_that_nobody_tries_again() throws Exception {
    var cloud = cloud(Map.of("entrypoint", "exit 7"));
    cloud.launch(Intents.of(token, offer()));

    await(token, HostState.TERMINATED);
    var machine = cloud.machines(token).getFirst();
    assertThat(machine.detail()).startsWith("Failed, FAILED, AppFailed").contains("exit code 7");
    assertThat(cloud.launch(Intents.of(token, offer())).state()).isEqualTo(HostState.TERMINATED);
    RayHead.await(PATIENCE, () -> here.rayClusters().isEmpty()); // 30 s after its end
    RayHead.await(PATIENCE, () -> here.pods().isEmpty());
    assertThat(here.jobs().list().getItems()).hasSize(1);
    assertThat(here.jobs().list().getItems().getFirst().toString()).doesNotContain("Retrying");
  }

  @Test
  void a_job_that_a_queue_suspends_waits_and_comes_back_as_the_same_host() throws Exception {
    var cloud = cloud(Map.of("queue", "gpus"));
    cloud.launch(Intents.of(token, offer()));
    running(token);
    var first = here.rayClusters().getFirst().getMetadata().getName();

    here.suspend(token, true);
    await(token, HostState.PENDING);
    RayHead.await(
        PATIENCE, () -> cloud.machines(token).getFirst().detail().startsWith("Suspended"));
    RayHead.await(PATIENCE, () -> here.pods().isEmpty());
    here.suspend(token, false);
    RayHead.await(
        PATIENCE,
        () ->
            here.rayClusters().stream()
                .anyMatch(each -> !each.getMetadata().getName().equals(first)));
    await(token, HostState.RUNNING);
    assertThat(cloud.machines()).hasSize(1);
  }

  @Test
  void a_host_that_no_node_has_room_for_waits_and_tells_why() throws Exception {
    var cloud = cloud(Map.of("memory", "900Gi"));
    cloud.launch(Intents.of(token, offer()));

    RayHead.await(
        PATIENCE, () -> cloud.machines(token).getFirst().detail().contains("Insufficient memory"));
    assertThat(cloud.machines(token).getFirst().state()).isEqualTo(HostState.PENDING);
  }

  @Test
  void a_quota_on_gpus_keeps_a_host_waiting_and_is_told() throws Exception {
    here.quota("requests.nvidia.com/gpu", "0");
    var cloud = cloud(Map.of());
    cloud.launch(Intents.of(token, offer()));

    RayHead.await(
        PATIENCE, () -> cloud.machines(token).getFirst().detail().contains("exceeded quota"));
    assertThat(cloud.machines(token).getFirst().state()).isEqualTo(HostState.PENDING);
  }

  @Test
  void pods_that_the_namespace_is_too_strict_for_are_told() throws Exception {
    here = new KubeNamespace(cluster, "strict");
    cluster.namespace(here.name(), "restricted");
    cluster.install(here.name(), "ray", Map.of("control.pools.kube.namespace", here.name()));
    var cloud = cloud(Map.of());
    cloud.launch(Intents.of(token, offer()));

    RayHead.await(
        PATIENCE, () -> cloud.machines(token).getFirst().detail().contains("violates PodSecurity"));
  }

  @Test
  void a_quota_on_rayjobs_is_a_no() throws Exception {
    here.quota("count/rayjobs.ray.io", "0");

    refused(cloud(Map.of()), Kind.QUOTA).hasMessageContaining("exceeded quota");
  }

  @Test
  void a_host_goes_even_while_the_operator_is_away() throws Exception {
    var pool = pool(cloud(Map.of()), store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    running(token);
    cluster.stopOperator();
    try {
      pool.release(Intents.released(token));
      assertThat(pool.describe(Intents.described(token)))
          .returns(HostState.UNKNOWN, HostDescription::state)
          .satisfies(told -> assertThat(told.detail()).startsWith("being deleted, Running"));
      assertThat(here.rayClusters()).hasSize(1);

      now = now.plusSeconds(20);
      assertThat(pool.sweep(Intents.all(Runs.State.OPEN), now)).hasSize(1);

      RayHead.await(PATIENCE, () -> here.rayClusters().isEmpty() && here.pods().isEmpty());
    } finally {
      cluster.startOperator();
    }
    here.awaitNoHost();
  }

  @Test
  void a_rayjob_that_is_being_deleted_is_not_adopted() throws Exception {
    var cloud = cloud(Map.of());
    cloud.launch(Intents.of(token, offer()));
    running(token);
    cluster.stopOperator();
    try {
      cloud.terminate(cloud.machines(token).getFirst());

      refused(cloud, Kind.ENDED).hasMessageContaining("is being deleted");
    } finally {
      cluster.startOperator();
    }
  }

  @Test
  void a_cluster_that_lost_its_rayjob_is_listed_and_ended() throws Exception {
    var cloud = cloud(Map.of());
    cloud.launch(Intents.of(token, offer()));
    running(token);
    here.jobs().withPropagationPolicy(DeletionPropagation.ORPHAN).delete();
    RayHead.await(PATIENCE, () -> here.jobs().list().getItems().isEmpty());

    var left = cloud.machines();
    assertThat(left).hasSize(1);
    assertThat(left.getFirst())
        .returns("fettle-" + token, Machine::id)
        .returns(token, Machine::token)
        .returns("run-1", Machine::run)
        .returns("a RayCluster without its RayJob", Machine::detail);
    assertThat(cloud.machines(token)).isEqualTo(left);
    cloud.terminate(left.getFirst());
    here.awaitNoHost();
    assertThat(cloud.machines()).isEmpty();
  }

  @Test
  void a_token_that_was_renewed_in_its_file_is_used() throws Exception {
    var cloud = here.cloud("me", "worn", () -> now, Map.of());
    refused(cloud, Kind.PERMISSION);
    var file = cluster.kubeconfig("worn");
    System.setProperty("kubeconfig", file.toString());
    try {
      Files.copy(cluster.kubeconfig(here.control()), file, StandardCopyOption.REPLACE_EXISTING);

      assertThat(cloud.machines()).isEmpty();
    } finally {
      System.clearProperty("kubeconfig");
    }
  }

  @Test
  void another_owners_hosts_are_left_alone() throws Exception {
    var theirs = here.cloud("them", here.control(), () -> now, Map.of());
    theirs.launch(Intents.of(token + "b", offer()));
    var pool = pool(cloud(Map.of()), store);
    pool.acquire(Intents.request(token, offer()), Intents.by());

    for (int sweep = 0; sweep < 12; sweep++) {
      now = now.plusSeconds(20);
      pool.sweep(Intents.all(Runs.State.OVER), now);
    }

    RayHead.await(PATIENCE, () -> here.jobs().list().getItems().size() == 1);
    assertThat(theirs.machines(token + "b")).hasSize(1).allMatch(Machine::mayCost);
    assertThatThrownBy(() -> cloud(Map.of()).launch(Intents.of(token + "b", offer())))
        .hasMessageContaining("somebody else's");
  }

  @Test
  void who_lacks_the_role_is_told_what_to_grant() throws Exception {
    var stranger = cluster.token(here.name(), "fettle-agent");

    refused(here.cloud("me", stranger, () -> now, Map.of()), Kind.PERMISSION)
        .hasMessageContainingAll("cannot create resource", "create, get, list and delete rayjobs");
    refused(here.cloud("me", "nobody", () -> now, Map.of()), Kind.PERMISSION)
        .hasMessageContaining("401");
  }

  @Test
  void the_role_of_the_chart_reaches_no_further_than_the_pool_does() throws Exception {
    try (var client = KubeCluster.client(cluster.kubeconfig(here.control()))) {
      assertThatThrownBy(() -> client.secrets().inNamespace(here.name()).list())
          .hasMessageContaining("forbidden");
      assertThatThrownBy(() -> client.pods().inNamespace(here.name()).delete())
          .hasMessageContaining("forbidden");
      assertThatThrownBy(
              () ->
                  client
                      .genericKubernetesResources(RayJob.DEFINITION)
                      .inNamespace("default")
                      .list())
          .hasMessageContaining("forbidden");
    }
  }

  @Test
  void a_key_that_cannot_be_right_is_refused_at_once() throws Exception {
    refused(cloud(Map.of("memory", "lots")), Kind.TEMPLATE).hasMessageContaining("422");
    refused(here.cloud("me", "admin", () -> now, Map.of("namespace", "nowhere")), Kind.TEMPLATE)
        .hasMessageContaining("namespaces \"nowhere\" not found");
  }

  private AbstractThrowableAssert<?, ?> refused(RayJobCloud by, Kind kind) {
    return assertThatThrownBy(() -> by.launch(Intents.of(token, offer())))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(kind));
  }

  private RayJobCloud cloud(Map<String, String> more) throws IOException {
    return here.cloud("me", here.control(), () -> now, more);
  }

  private ElasticPool pool(RayJobCloud on, ObjectStore book) {
    return new ElasticPool(on, "me", book, Patience.USUAL, () -> now, Crash.NEVER);
  }

  private Offer offer() throws IOException {
    return cloud(Map.of()).offers(Intents.SHAPE).getFirst();
  }

  private void running(String of) throws Exception {
    await(of, HostState.RUNNING);
  }

  private void await(String of, HostState state) throws Exception {
    var cloud = cloud(Map.of());
    RayHead.await(
        PATIENCE, () -> cloud.machines(of).stream().anyMatch(machine -> machine.state() == state));
  }

  private String end(String of) throws IOException {
    return new String(
        store.find("runs/run-1/acquisitions/%s.json".formatted(of)).orElseThrow(),
        StandardCharsets.UTF_8);
  }
}
