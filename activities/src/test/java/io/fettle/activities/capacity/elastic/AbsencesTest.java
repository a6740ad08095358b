package io.fettle.activities.capacity.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.SameOfAll;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** When a machine that its provider does not show is gone, and when it is only not shown. */
class AbsencesTest {
  private static final Duration SWEEP = Duration.ofSeconds(20);
  private static final Duration PROMISE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ObjectStore store;
  private FakeCloud cloud;
  private ElasticPool pool;
  private boolean waits;

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(folder.toUri());
    cloud = new FakeCloud(() -> now);
    pool = pool(Duration.ZERO, Duration.ZERO);
  }

  @Test
  void clocks_that_differ_make_no_host_dead_and_keep_none_alive() throws IOException {
    for (int seed = 0; seed < 200; seed++) {
      var random = new Random(seed);
      var token = "t-" + seed;
      cloud = new FakeCloud(() -> now);
      cloud.lag = Duration.ofSeconds(random.nextInt(61));
      acquire(skewed(random), token);
      var looker = skewed(random);
      for (var end = now.plus(PROMISE); now.isBefore(end); pass(random)) {
        assertThat(state(looker, token)).as(token).isNotEqualTo(HostState.TERMINATED);
      }
      cloud.machines.clear();
      cloud.launched.clear();

      assertThat(state(looker, token)).as(token).isEqualTo(HostState.UNKNOWN);
      now = now.plus(ElasticPool.Patience.USUAL.lag()).plusSeconds(1);
      assertThat(state(looker, token)).as(token).isEqualTo(HostState.TERMINATED);
    }
  }

  private void pass(Random random) {
    now = now.plusSeconds(1 + random.nextInt(30));
  }

  /** A worker whose clock is up to a day off, and which began at some other time. */
  private ElasticPool skewed(Random random) {
    var off = Duration.ofSeconds(random.nextInt(-86_400, 86_400));
    var since = Duration.ofSeconds(random.nextInt(86_400));
    return pool(off, since);
  }

  @Test
  void a_host_seen_between_two_empty_lists_is_not_dead() throws IOException {
    acquire(pool, "t-1");
    for (int i = 0; i < 10; i++) {
      cloud.lag = Duration.ofDays(1);
      assertThat(state(pool, "t-1")).isEqualTo(HostState.UNKNOWN);
      now = now.plus(Duration.ofSeconds(50));
      cloud.lag = Duration.ZERO;
      pool.sweep(runs(), now);
    }
  }

  @Test
  void a_machine_that_is_known_by_its_id_needs_no_list() throws IOException {
    cloud.lag = Duration.ofSeconds(60);
    cloud.knowsIdsAtOnce = true;
    acquire(pool, "t-1");
    assertThat(state(pool, "t-1")).isEqualTo(HostState.RUNNING);

    release("t-1");

    assertThat(cloud.living()).isEmpty();
    assertThat(store.list("capacity/")).isEmpty();
  }

  @Test
  void one_empty_list_closes_no_acquisition_whose_machine_would_not_end() throws IOException {
    acquire(pool, "t-1");
    cloud.endsNothing = true;
    release("t-1");
    for (int i = 0; i < 10; i++) {
      now = now.plus(SWEEP);
      assertThatThrownBy(() -> pool.sweep(runs(), now)).hasMessageContaining("try again");
    }

    cloud.lag = Duration.ofDays(1); // this list is empty, as any may be
    now = now.plus(SWEEP);
    pool.sweep(runs(), now);

    assertThat(new Book(store, "cloud").intent("t-1")).isPresent();
  }

  @Test
  void a_run_does_not_wait_for_a_provider_that_stays_away_to_give_its_host_back()
      throws IOException {
    acquire(pool, "t-1");
    cloud.hidden =
        Optional.of(new Refusal(Refusal.Kind.PERMISSION, "UnauthorizedOperation", "no", List.of()));

    release("t-1");

    assertThat(new Book(store, "cloud").isReleased("t-1")).isTrue();
    assertThat(new Book(store, "cloud").intent("t-1")).as("it stays open").isPresent();
    cloud.hidden = Optional.empty();
    now = now.plus(SWEEP);
    pool.sweep(runs(), now);
    assertThat(cloud.living()).isEmpty();
    assertThat(store.list("capacity/")).isEmpty();
  }

  @Test
  void a_release_that_could_not_be_written_down_is_asked_again() throws IOException {
    acquire(pool, "t-1");
    store = refusing("released.json");
    pool = pool(Duration.ZERO, Duration.ZERO);

    assertThatThrownBy(() -> release("t-1")).hasMessage("the store is away");

    assertThat(cloud.living()).hasSize(1);
  }

  /** The same store, in which no mark of that name can be put. */
  private ObjectStore refusing(String mark) {
    var real = store;
    InvocationHandler handler =
        (_, method, arguments) -> {
          if (method.getName().equals("putIfAbsent") && arguments[0].toString().endsWith(mark)) {
            throw new IOException("the store is away");
          }
          return method.invoke(real, arguments);
        };
    return (ObjectStore)
        Proxy.newProxyInstance(
            ObjectStore.class.getClassLoader(), new Class<?>[] {ObjectStore.class}, handler);
  }

  @Test
  void looks_before_a_launch_say_nothing_of_it() throws IOException {
    waits = true;
    assertThatThrownBy(() -> acquire(pool, "t-1")).isInstanceOf(Refusal.class);
    for (int i = 0; i < 10; i++) {
      pool.sweep(runs(), now);
      now = now.plus(SWEEP);
    }

    waits = false;
    cloud.lag = Duration.ofSeconds(60);
    acquire(pool, "t-1");

    assertThat(state(pool, "t-1")).isEqualTo(HostState.UNKNOWN);
  }

  @Test
  void what_was_never_to_be_launched_is_over_with_its_release() throws IOException {
    waits = true;
    assertThatThrownBy(() -> acquire(pool, "t-1")).isInstanceOf(Refusal.class);

    release("t-1");

    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(store.list("runs/run/acquisitions/")).hasSize(1);
    waits = false;
    assertThatThrownBy(() -> acquire(pool, "t-1")).isInstanceOf(Refusal.class);
    assertThat(cloud.machines).isEmpty();
  }

  private void admit(Intent intent) throws Refusal {
    if (waits) {
      throw new Refusal(Refusal.Kind.THROTTLE, "budget", intent.token() + " waits", List.of());
    }
  }

  private ElasticPool pool(Duration off, Duration since) {
    return new ElasticPool(
        cloud,
        "owner",
        store,
        ElasticPool.Patience.USUAL,
        () -> now.plus(off),
        () -> now.minus(since),
        ElasticPool.Crash.NEVER,
        this::admit);
  }

  private static void acquire(ElasticPool by, String token) throws IOException {
    by.acquire(
        new AcquireRequest("run", FakeCloud.OFFER, token, CapacityTerms.NONE),
        new Execution("fettle", "run", "execution"));
  }

  private void release(String token) throws IOException {
    pool.release(new ReleaseRequest("run", "cloud", "h", token, "done", ""));
  }

  private static HostState state(ElasticPool pool, String token) throws IOException {
    return pool.describe(new DescribeRequest("run", "cloud", "h", token)).state();
  }

  private static Runs runs() {
    return new SameOfAll(Runs.State.OPEN);
  }
}
