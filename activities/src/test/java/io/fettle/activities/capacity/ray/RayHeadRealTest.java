package io.fettle.activities.capacity.ray;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.json.JsonMapper;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.capacity.elastic.ElasticPool.Patience;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The pool on a real Ray head. A script plays the agent, and leaves word of what it was told. */
@Tag("real")
@Timeout(400)
class RayHeadRealTest {
  private static final Duration PATIENCE = Duration.ofSeconds(90);
  private static final AtomicInteger TOKENS = new AtomicInteger();
  private static RayHead head;

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private RayHeadCloud cloud;
  private ObjectStore store;
  private String token;

  @BeforeAll
  static void startRay() throws Exception {
    head = new RayHead();
  }

  @AfterAll
  static void stopRay() {
    head.close();
  }

  @BeforeEach
  void start() throws IOException {
    Files.writeString(
        folder.resolve("agent.sh"),
        """
        #!/bin/sh
        env | grep -E '^(AGENT|FETTLE|CUDA_VISIBLE)' > %1$s/$AGENT_TOKEN.env
        echo $$ > %1$s/$AGENT_TOKEN.pid
        trap 'echo saved > %1$s/$AGENT_TOKEN.saved; exit 0' TERM
        while :; do sleep 0.2; done
        """
            .formatted(folder));
    cloud = cloud("me", "exec sh " + folder.resolve("agent.sh"), head.address());
    store = Stores.open(Files.createDirectory(folder.resolve("store")).toUri());
    token = "t-" + TOKENS.incrementAndGet();
  }

  @AfterEach
  void stop() throws IOException {
    for (var machine : cloud.machines()) {
      cloud.terminate(machine);
    }
    store.close();
  }

  @Test
  void a_host_is_a_job_whose_entrypoint_is_the_agent_with_its_settings_and_its_gpu()
      throws Exception {
    var launched = cloud.launch(Intents.of(token, offer()));

    assertThat(launched.state()).isEqualTo(HostState.PENDING);
    var seen = running(token);
    assertThat(seen)
        .returns("fettle-" + token, Machine::id)
        .returns(token, Machine::token)
        .returns("run-1", Machine::run)
        .returns(offer().places().getFirst(), Machine::place);
    assertThat(Files.readAllLines(folder.resolve(token + ".env")))
        .contains(
            "AGENT_TOKEN=" + token,
            "AGENT_HOST=fettle-" + token,
            "AGENT_POOL=pool",
            "AGENT_SHAPE=a10g-24gb-x1",
            "AGENT_LEASE=PT15M",
            "AGENT_GRACE=PT3M30S",
            "FETTLE_STORE=s3://bucket")
        .anyMatch(line -> line.matches("CUDA_VISIBLE_DEVICES=[0-3]"));
  }

  @Test
  void a_repeated_launch_gives_the_first_job_dead_or_alive() throws Exception {
    cloud.launch(Intents.of(token, offer()));
    var first = running(token);

    assertThat(cloud.launch(Intents.of(token, offer()))).isEqualTo(first);
    cloud.terminate(first);
    ended(token);
    assertThat(cloud.launch(Intents.of(token, offer())).state()).isEqualTo(HostState.TERMINATED);
    assertThat(cloud.machines()).filteredOn(m -> m.token().equals(token)).hasSize(1);
  }

  @Test
  void a_stop_lets_the_agent_save_and_may_be_repeated() throws Exception {
    cloud.launch(Intents.of(token, offer()));
    var machine = running(token);

    cloud.terminate(machine);
    cloud.terminate(machine);

    assertThat(ended(token).detail()).startsWith("STOPPED");
    assertThat(folder.resolve(token + ".saved")).exists();
    cloud.terminate(machine("fettle-never-was"));
  }

  @Test
  void an_agent_that_ends_is_an_end_of_its_host_with_its_exit_code() throws Exception {
    var dying = cloud("me", "exit 7", head.address());
    dying.launch(Intents.of(token, offer()));

    assertThat(ended(token).detail()).startsWith("FAILED").contains("exit code 7");
  }

  @Test
  void a_shape_that_no_node_has_waits_and_costs_nobody_the_head() throws Exception {
    var offer = cloud.offers("a10g-24gb-x8").getFirst();
    cloud.launch(Intents.of(token, offer));

    assertThat(cloud.machines(token).getFirst())
        .returns(HostState.PENDING, Machine::state)
        .satisfies(machine -> assertThat(machine.detail()).contains("waiting for resources"));
  }

  @Test
  void a_job_of_somebody_else_is_neither_taken_for_ours_nor_stopped() throws Exception {
    var theirs =
        JsonMapper.builder()
            .build()
            .createObjectNode()
            .put("submission_id", "fettle-" + token)
            .put("entrypoint", "sleep 60");
    assertThat(new JobsApi(head.address()).submit(theirs).isOk()).isTrue();

    assertThatThrownBy(() -> cloud.launch(Intents.of(token, offer())))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.ENDED))
        .hasMessageContaining("somebody else's");
    assertThat(cloud.machines(token)).isEmpty();
    assertThat(cloud.machines()).noneMatch(m -> m.id().equals("fettle-" + token));
    new JobsApi(head.address()).stop("fettle-" + token);
  }

  @Test
  void an_answer_that_is_lost_after_the_head_has_acted_gives_one_host() throws Exception {
    try (var relay = new Relay(head.address())) {
      var behind = cloud("me", "exec sh " + folder.resolve("agent.sh"), relay.address());
      var pool = pool(behind, "me", store);
      relay.losesNextSubmission();

      assertThatThrownBy(() -> pool.acquire(Intents.request(token, offer()), Intents.by()))
          .isNotInstanceOf(Refusal.class);
      var acquired = pool.acquire(Intents.request(token, offer()), Intents.by());

      assertThat(acquired.providerId()).isEqualTo("fettle-" + token);
      assertThat(cloud.machines()).filteredOn(m -> m.token().equals(token)).hasSize(1);
    }
  }

  @Test
  void two_owners_on_one_cluster_stop_their_own() throws Exception {
    var theirCloud = cloud("them", "exec sh " + folder.resolve("agent.sh"), head.address());
    var theirStore = Stores.open(Files.createDirectory(folder.resolve("theirs")).toUri());
    var ours = pool(cloud, "me", store);
    var theirs = pool(theirCloud, "them", theirStore);
    ours.acquire(Intents.request(token, offer()), Intents.by());
    theirs.acquire(Intents.request(token + "-b", offer()), Intents.by());
    running(token);

    for (int sweep = 0; sweep < 8; sweep++) {
      now = now.plusSeconds(20);
      ours.sweep(Intents.all(Runs.State.OVER), now);
    }

    ended(token);
    assertThat(theirCloud.machines(token + "-b")).allMatch(Machine::mayCost).hasSize(1);
    theirs.release(Intents.released(token + "-b"));
    theirStore.close();
  }

  @Test
  void a_released_host_is_stopped_and_its_acquisition_closed() throws Exception {
    var pool = pool(cloud, "me", store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    running(token);
    now = now.plusSeconds(3600);

    pool.release(Intents.released(token));

    ended(token);
    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(store.list("runs/run-1/acquisitions/")).hasSize(1);
    assertThat(pool.describe(Intents.described(token)).state()).isEqualTo(HostState.TERMINATED);
  }

  @Test
  void a_host_whose_agent_never_joins_is_given_back() throws Exception {
    var pool = pool(cloud, "me", store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    running(token);
    var told = new StringBuilder();

    for (var end = now.plus(Duration.ofMinutes(14)); now.isBefore(end); ) {
      now = now.plusSeconds(20);
      pool.sweep(Intents.all(Runs.State.OPEN), now).forEach(told::append);
    }

    assertThat(told).contains("its agent never joined");
    ended(token);
  }

  @Test
  void a_head_that_dies_is_no_sign_of_death_until_it_is_back_and_knows_no_job() throws Exception {
    var pool = pool(cloud, "me", store);
    pool.acquire(Intents.request(token, offer()), Intents.by());
    running(token);
    var agent = Long.parseLong(Files.readString(folder.resolve(token + ".pid")).strip());

    head.die();
    assertThatThrownBy(() -> pool.describe(Intents.described(token)))
        .isInstanceOf(IOException.class)
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("did not answer");
    RayHead.await(PATIENCE, () -> ProcessHandle.of(agent).filter(ProcessHandle::isAlive).isEmpty());
    head.comeBack();

    assertThat(pool.describe(Intents.described(token)).state()).isEqualTo(HostState.UNKNOWN);
    now = now.plus(Patience.USUAL.lag()).plusSeconds(1);
    assertThat(pool.describe(Intents.described(token)).state()).isEqualTo(HostState.TERMINATED);
  }

  @Test
  void a_request_that_the_head_does_not_take_is_told_with_its_reason() throws Exception {
    var answer =
        new JobsApi(head.address()).submit(JsonMapper.builder().build().createObjectNode());

    assertThat(HeadFamily.of(answer.status(), answer.text())).contains(Kind.TEMPLATE);
    var nowhere = new RayOptions.Head(URI.create(head.address() + "/nowhere"));
    var lost = new RayHeadCloud(options("me", "x", nowhere), nowhere, InstantSource.system());
    assertThatThrownBy(() -> lost.launch(Intents.of(token, offer())))
        .isInstanceOfSatisfying(Refusal.class, no -> assertThat(no.kind()).isEqualTo(Kind.TEMPLATE))
        .hasMessageContaining("address of a Ray head");
    assertThatThrownBy(() -> lost.machines(token))
        .as("a wrong address is no word that a host is gone")
        .isInstanceOf(Refusal.class);
  }

  private Offer offer() {
    return cloud.offers(Intents.SHAPE).getFirst();
  }

  private static RayHeadCloud cloud(String owner, String entrypoint, URI address) {
    var where = new RayOptions.Head(address);
    return new RayHeadCloud(options(owner, entrypoint, where), where, InstantSource.system());
  }

  private static RayOptions options(String owner, String entrypoint, RayOptions.Head where) {
    var environment = Map.of("FETTLE_STORE", "s3://bucket");
    return new RayOptions("pool", owner, where, entrypoint, environment, Map.of(), Map.of());
  }

  private ElasticPool pool(RayHeadCloud on, String owner, ObjectStore book) {
    return new ElasticPool(on, owner, book, Patience.USUAL, () -> now, Crash.NEVER);
  }

  private Machine running(String of) throws Exception {
    RayHead.await(
        PATIENCE, () -> is(of, HostState.RUNNING) && Files.exists(folder.resolve(of + ".pid")));
    return cloud.machines(of).getFirst();
  }

  private Machine ended(String of) throws Exception {
    RayHead.await(PATIENCE, () -> is(of, HostState.TERMINATED));
    return cloud.machines(of).getFirst();
  }

  private boolean is(String of, HostState state) throws IOException {
    return cloud.machines(of).stream().anyMatch(machine -> machine.state() == state);
  }

  private Machine machine(String id) {
    return new Machine(id, token, "run-1", HostState.RUNNING, "", offer().places().getFirst());
  }
}
