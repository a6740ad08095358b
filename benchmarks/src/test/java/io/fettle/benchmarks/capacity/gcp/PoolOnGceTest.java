package io.fettle.benchmarks.capacity.gcp;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Cloud;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.elastic.ElasticPool.Crash;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.benchmarks.capacity.gcp.GceProject.Times;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.ReleaseRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The pool and its reconciler on Compute Engine as it is documented. */
class PoolOnGceTest {
  private static final Duration LAG = Duration.ofSeconds(60);
  private static final Duration SWEEP = Duration.ofSeconds(20);
  private static final Duration PROMISE = Duration.ofMinutes(2);
  private static final String RUN = "run-1";

  @TempDir Path folder;

  private Gce gce;
  private Cloud cloud;
  private ObjectStore store;
  private ElasticPool pool;

  /** A process that dies: nothing of it runs any further. */
  private static final class Halt extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void start() throws IOException {
    begin(new Times(Duration.ZERO, Duration.ZERO, LAG));
  }

  private void begin(Times times) throws IOException {
    gce = new Gce(times);
    cloud = gce.cloud();
    store = Stores.open(folder.resolve("store").toUri());
    pool = gce.pool(cloud, "me", store, Crash.NEVER);
  }

  @AfterEach
  void stop() throws IOException {
    gce.close();
    store.close();
  }

  private String acquire(String token) throws IOException {
    return acquire(pool, "z-a", token);
  }

  private String acquire(ElasticPool from, String zone, String token) throws IOException {
    return from.acquire(Gce.request(cloud, zone, RUN, token), Gce.by(RUN)).providerId();
  }

  private static ReleaseRequest released(String token) {
    return new ReleaseRequest(RUN, "gcp", "", token, "the run is done", "");
  }

  private void sweep(Duration time) throws IOException {
    for (long i = 0; i < time.dividedBy(SWEEP); i++) {
      gce.pass(SWEEP);
      pool.sweep(gce.runs(), gce.instant());
    }
  }

  @Test
  void a_lost_reply_and_a_lagging_list_give_one_machine() throws IOException {
    gce.server.losesNextReply(GceCall.INSERT);

    assertThatThrownBy(() -> acquire("t")).isNotInstanceOf(Refusal.class);
    var machine = acquire("t");
    gce.pass(LAG);

    assertThat(acquire("t")).isEqualTo(machine);
    assertThat(gce.machines("me")).hasSize(1);
  }

  @Test
  void a_retry_stays_in_the_zone_of_the_first_try() throws IOException {
    gce.server.losesNextReply(GceCall.INSERT);
    assertThatThrownBy(() -> acquire(pool, "z-a", "t")).isNotInstanceOf(Refusal.class);

    assertThat(acquire(pool, "z-b", "t")).startsWith("z-a/");
    assertThat(gce.machines("me")).hasSize(1);
  }

  @Test
  void a_preempted_machine_is_not_handed_out_again() throws IOException {
    var machine = acquire("t");
    gce.pass(LAG);
    gce.server.preempt(machine);

    assertThatThrownBy(() -> acquire("t"))
        .isInstanceOfSatisfying(
            Refusal.class,
            refusal -> {
              assertThat(refusal.kind()).isEqualTo(Kind.ENDED);
              assertThat(refusal.sentence()).contains("compute.instances.preempted");
            });
    assertThat(gce.machines("me")).isEmpty();
  }

  @Test
  void a_machine_that_comes_to_nothing_is_not_taken_for_a_host() throws IOException {
    stop();
    begin(new Times(Duration.ofSeconds(90), Duration.ofMinutes(5), Duration.ZERO));
    gce.server.isEmpty("z-a", GceCode.POOL_EXHAUSTED);
    gce.server.hangs();
    assertThatThrownBy(() -> acquire("t")).hasMessageContaining("is not done yet");
    assertThat(gce.machines("me")).hasSize(1);

    gce.server.whileWaiting(() -> gce.pass(Duration.ofSeconds(90)));
    assertThatThrownBy(() -> acquire("t"))
        .isInstanceOfSatisfying(
            Refusal.class, refusal -> assertThat(refusal.kind()).isEqualTo(Kind.STOCKOUT));
    assertThat(gce.machines("me")).isEmpty();
  }

  @Test
  void an_acquisition_takes_few_calls() throws IOException {
    acquire("t");

    assertThat(gce.server.calls())
        .extracting(GceCall::action)
        .containsExactly(GceCall.LIST, GceCall.TEMPLATE, GceCall.INSERT, GceCall.GET);
  }

  @Test
  void the_providers_word_of_a_machine_by_its_name_waits_for_no_list() throws IOException {
    var machine = acquire("t");
    var request = new DescribeRequest(RUN, "gcp", machine, "t");

    assertThat(cloud.machines()).as("not listed yet").isEmpty();
    assertThat(pool.describe(request).state()).isEqualTo(HostState.RUNNING);
    gce.pass(LAG);
    assertThat(pool.describe(request).state()).isEqualTo(HostState.RUNNING);
    gce.server.preempt(machine);
    assertThat(pool.describe(request))
        .returns(HostState.TERMINATED, description -> description.state())
        .satisfies(
            description ->
                assertThat(description.detail()).startsWith("compute.instances.preempted"));
  }

  @Test
  void a_machine_in_a_zone_that_is_not_reached_is_not_dead() throws IOException {
    var machine = acquire("t");
    gce.pass(Duration.ofMinutes(5));
    gce.server.doesNotReach("z-a");

    assertThatThrownBy(() -> pool.describe(new DescribeRequest(RUN, "gcp", machine, "t")))
        .hasMessageContaining("nothing is said of machines there");
    gce.said = Runs.State.OPEN;
    assertThatThrownBy(() -> pool.sweep(gce.runs(), gce.instant())).hasMessageContaining("z-a");
    assertThat(gce.machines("me")).hasSize(1);
  }

  @Test
  void a_release_before_the_lists_have_it_ends_it_by_its_name() throws IOException {
    acquire("t");
    pool.release(released("t"));

    assertThat(gce.machines("me")).isEmpty();
    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(store.list("runs/" + RUN + "/acquisitions/")).hasSize(1);
  }

  @Test
  void two_owners_in_one_project_end_their_own() throws IOException {
    var theirCloud = gce.cloud("them", "fettle");
    try (var theirStore = Stores.open(Files.createDirectory(folder.resolve("theirs")).toUri())) {
      var theirs = gce.pool(theirCloud, "them", theirStore, Crash.NEVER);
      acquire("t");
      theirs.acquire(Gce.request(theirCloud, "z-a", "run-2", "t"), Gce.by("run-2"));

      gce.said = Runs.State.OVER;
      sweep(PROMISE.multipliedBy(2));

      assertThat(gce.machines("me")).isEmpty();
      assertThat(gce.machines("them")).hasSize(1);
    }
  }

  @Test
  void a_machine_whose_agent_never_joins_is_given_back() throws IOException {
    acquire("t");

    sweep(Duration.ofMinutes(9));
    assertThat(gce.machines("me")).hasSize(1);
    sweep(Duration.ofMinutes(5));
    assertThat(gce.machines("me")).isEmpty();
  }

  @Test
  void a_machine_that_stopped_leaves_no_disk() throws IOException {
    var machine = acquire("t");
    gce.pass(LAG);
    gce.server.stop(machine);

    sweep(SWEEP);

    assertThat(gce.machines("me")).isEmpty();
    assertThat(store.list("runs/" + RUN + "/acquisitions/")).hasSize(1);
  }

  @ParameterizedTest
  @EnumSource(GceCode.class)
  void every_code_is_handled(GceCode code) throws IOException {
    if (code.isOfAnOperation()) {
      gce.server.isEmpty("z-a", code);
    } else {
      gce.server.refusesNext(GceCall.INSERT, code);
    }
    assertThatThrownBy(() -> acquire("t"))
        .as(code.source())
        .satisfies(told -> assertThat(kindOf(told)).isEqualTo(code.kind()));
    boolean sameAgain = code.kind().isEmpty() || code.kind().get() == Kind.THROTTLE;
    gce.server.isFull();
    if (sameAgain) {
      assertThat(acquire("t")).isNotEmpty();
    } else {
      assertThatThrownBy(() -> acquire("t")).isInstanceOf(Refusal.class);
      assertThat(acquire(pool, "z-b", "t-2")).startsWith("z-b/");
    }
    assertThat(gce.machines("me")).hasSize(1);
  }

  private static Optional<Kind> kindOf(Throwable told) {
    return told instanceof Refusal refusal ? Optional.of(refusal.kind()) : Optional.empty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9})
  void a_process_that_dies_at_any_point_leaves_no_host_and_no_twin(int point) throws IOException {
    gce.close();
    store.close();
    for (int seed = 0; seed < 6; seed++) {
      story("t-%d-%d".formatted(point, seed), point, new Random(seed));
    }
    begin(Times.NONE); // what is closed at the end
  }

  /** A run acquires, its process dies there, and then it goes on, or is over. */
  private void story(String token, int point, Random random) throws IOException {
    var slow = Duration.ofSeconds(random.nextBoolean() ? 0 : 30);
    begin(new Times(slow, Duration.ofSeconds(40), Duration.ofSeconds(random.nextInt(61))));
    try (var server = gce) {
      if (random.nextBoolean()) {
        server.server.losesNextReply(GceCall.INSERT);
      }
      var dying = server.pool(cloud, "me", store, dyingAt(point, random.nextInt(2)));
      tried(() -> acquire(dying, "z-a", token));
      if (random.nextBoolean()) {
        tried(() -> acquire(pool, "z-a", token)); // the activity's retry
      }
      if (random.nextBoolean()) {
        tried(
            () -> {
              dying.release(released(token));
              return token;
            });
      }
      assertThat(server.machines("me")).as(token).hasSizeLessThan(2);
      server.said = Runs.State.OVER;
      pool = server.pool(cloud, "me", store, Crash.NEVER); // another process
      sweep(PROMISE);
      assertThat(server.machines("me")).as(token).isEmpty();
      sweep(PROMISE);
      assertThat(store.list("capacity/")).as(token).isEmpty();
      store.close();
    }
  }

  private static Crash dyingAt(int point, int later) {
    var left = new int[] {later};
    return at -> {
      if (at == point && left[0]-- <= 0) {
        throw new Halt();
      }
    };
  }

  private interface Call {
    String run() throws IOException;
  }

  private static void tried(Call call) {
    try {
      call.run();
    } catch (IOException | Halt e) {
      assertThat(e.toString()).isNotEmpty();
    }
  }
}
