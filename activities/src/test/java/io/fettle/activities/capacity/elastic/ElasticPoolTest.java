package io.fettle.activities.capacity.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.HostClaim.Identity;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.SameOfAll;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.Acquisition;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ElasticPoolTest {
  private static final Duration SWEEP = Duration.ofSeconds(20);
  private static final Duration PROMISE = Duration.ofMinutes(2);

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ObjectStore store;
  private FakeCloud cloud;
  private ElasticPool pool;
  private Runs.State said = Runs.State.OPEN;

  /** A process that dies: nothing of it runs any further. */
  private static final class Halt extends Error {
    private static final long serialVersionUID = 1;
  }

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(folder.toUri());
    cloud = new FakeCloud(() -> now);
    pool = pool(_ -> {});
  }

  @Test
  void a_token_whose_host_died_before_anybody_saw_it_is_over() {
    cloud.answersToLose = 1;
    assertThatThrownBy(() -> acquire("t-1")).isInstanceOf(IOException.class);
    cloud.terminated.add("i-0");

    assertThatThrownBy(() -> acquire("t-1"))
        .isInstanceOfSatisfying(
            Refusal.class, over -> assertThat(over.kind()).isEqualTo(Refusal.Kind.ENDED));
    assertThat(cloud.launched).as("launches").hasSize(1);
  }

  @Test
  void an_acquisition_launches_one_machine_and_its_repeat_none() throws IOException {
    var first = acquire("t-1");

    assertThat(first.claimQueue()).isEqualTo("gpu-claim-t-1");
    assertThat(acquire("t-1")).isEqualTo(first);
    assertThat(cloud.machines).hasSize(1);
  }

  @Test
  void a_machine_whose_launch_was_answered_to_nobody_is_adopted() {
    cloud.answersToLose = 1;
    assertThatThrownBy(() -> acquire("t-1")).hasMessageContaining("reset");

    assertThat(acquire("t-1").providerId()).isEqualTo("i-0");
    assertThat(cloud.machines).hasSize(1);
  }

  @Test
  void what_may_be_launched_is_not_held_against_the_caps_again_by_a_repeat() {
    var asked = new ArrayList<String>();
    ElasticPool.Admission caps = intent -> asked.add(intent.token());
    pool =
        new ElasticPool(
            cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, () -> now, _ -> {}, caps);
    cloud.answersToLose = 1;
    assertThatThrownBy(() -> acquire("t-1")).hasMessageContaining("reset");

    assertThat(acquire("t-1").providerId()).isEqualTo("i-0");
    assertThat(asked).containsExactly("t-1");
  }

  @Test
  void a_dead_machine_of_a_repeated_token_is_not_adopted() throws IOException {
    acquire("t-1");
    cloud.terminated.add("i-0");

    assertThatThrownBy(() -> acquire("t-1"))
        .isInstanceOfSatisfying(
            Refusal.class, no -> assertThat(no.kind()).isEqualTo(Refusal.Kind.ENDED));
    assertThat(acquire("t-2").providerId()).isEqualTo("i-1");
  }

  @Test
  void a_second_machine_of_one_token_is_ended() throws IOException {
    acquire("t-1");
    cloud.machines.add(new Machine("twin", "t-1", "run", HostState.RUNNING, "", FakeCloud.PLACE));
    cloud.launched.add(now);

    acquire("t-1");

    assertThat(cloud.living()).extracting(Machine::id).containsExactly("i-0");
  }

  @Test
  void a_release_ends_the_machine_and_leaves_its_price_on_record() throws IOException {
    acquire("t-1");
    now = now.plus(Duration.ofMinutes(30));

    release("t-1");
    release("t-1"); // repeated

    assertThat(cloud.living()).isEmpty();
    var ended = new Book(store, "cloud").ended("run", "t-1").orElseThrow();
    assertThat(ended.dollars()).isEqualTo(1.8);
    assertThat(store.list("capacity/")).isEmpty();
    assertThatThrownBy(() -> acquire("t-1")).hasMessageContaining("is over");
  }

  @Test
  void a_throttled_launch_may_be_repeated_and_any_other_refusal_may_not() {
    cloud.refusal = Optional.of(refusal(Refusal.Kind.THROTTLE));
    assertThatThrownBy(() -> acquire("t-1")).isInstanceOf(Refusal.class);
    cloud.refusal = Optional.empty();
    assertThat(acquire("t-1").providerId()).isEqualTo("i-0");

    cloud.refusal = Optional.of(refusal(Refusal.Kind.STOCKOUT));
    assertThatThrownBy(() -> acquire("t-2")).isInstanceOf(Refusal.class);
    cloud.refusal = Optional.empty();
    assertThatThrownBy(() -> acquire("t-2")).hasMessageContaining("released");
    assertThat(cloud.machines).hasSize(1);
  }

  @Test
  void a_host_that_the_lists_do_not_show_yet_is_not_dead() throws IOException {
    cloud.lag = Duration.ofSeconds(60);
    acquire("t-1");

    assertThat(state("t-1")).isEqualTo(HostState.UNKNOWN);
    now = now.plus(Duration.ofSeconds(61));
    assertThat(state("t-1")).isEqualTo(HostState.RUNNING);
    cloud.machines.clear();
    now = now.plus(Duration.ofSeconds(61));
    assertThat(state("t-1")).as("one look").isEqualTo(HostState.UNKNOWN);
    now = now.plus(Duration.ofSeconds(76));
    assertThat(state("t-1")).as("unknown after it was seen").isEqualTo(HostState.TERMINATED);
  }

  @Test
  void only_the_host_that_was_launched_for_a_token_can_claim_it() throws IOException {
    acquire("t-1");
    acquire("t-2");

    assertThat(claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-1"))).isTrue();
    assertThat(claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-1"))).as("again").isTrue();
    assertThat(claims("h-2", "t-1").claimed(new ClaimRequest("run", "t-1"))).isFalse();
    assertThat(claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-2"))).isFalse();
  }

  @Test
  void a_claim_that_comes_after_the_release_is_refused() throws IOException {
    acquire("t-1");
    new Book(store, "cloud").release("t-1", "no longer wanted", now);

    assertThat(claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-1"))).isFalse();
    assertThat(claims("h-1", "t-1").released("t-1")).isTrue();
  }

  @Test
  void hosts_are_renewed_while_their_run_lives_or_cannot_be_asked_about() throws IOException {
    acquire("t-1");
    claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-1"));
    pool.sweep(runs(), now);
    var first = claims("h-1", "t-1").renewal();

    said = Runs.State.UNREACHABLE;
    pass(PROMISE.multipliedBy(10));

    assertThat(claims("h-1", "t-1").renewal()).isNotEmpty().isNotEqualTo(first);
    assertThat(cloud.living()).hasSize(1);
  }

  @Test
  void a_provider_that_does_not_answer_leaves_hosts_renewed() throws IOException {
    acquire("t-1");
    claims("h-1", "t-1").claimed(new ClaimRequest("run", "t-1"));
    pool.sweep(runs(), now);
    var first = claims("h-1", "t-1").renewal();

    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    now = now.plus(SWEEP);
    assertThatThrownBy(() -> pool.sweep(runs(), now)).hasMessageContaining("refused");

    assertThat(claims("h-1", "t-1").renewal()).isNotEmpty().isNotEqualTo(first);
  }

  @Test
  void hosts_of_another_namespace_on_the_same_store_are_its_own() throws IOException {
    pool.acquire(request("t-1"), new Execution("another", "run", "execution"));
    said = Runs.State.NOT_FOUND; // here nobody knows its run

    pass(PROMISE.multipliedBy(10));

    assertThat(cloud.living()).hasSize(1);
    assertThat(claims("h-1", "t-1").released("t-1")).isFalse();
  }

  @Test
  void while_a_provider_hides_what_it_has_the_same_token_is_asked_again() throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(() -> acquire("t-1")).hasMessageContaining("reset");
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));

    assertThatThrownBy(() -> acquire("t-1"))
        .isNotInstanceOf(Refusal.class)
        .hasMessageContaining("cannot be told");

    cloud.hidden = Optional.empty();
    assertThat(acquire("t-1").providerId()).isEqualTo("i-0");
    assertThat(cloud.machines).hasSize(1);
  }

  @Test
  void a_host_whose_agent_never_joins_is_released_and_told() throws IOException {
    acquire("t-1");

    assertThat(pass(Duration.ofMinutes(9))).isEmpty();
    assertThat(pass(Duration.ofMinutes(4))).anyMatch(line -> line.contains("never joined"));
    assertThat(cloud.living()).isEmpty();
    assertThat(new Book(store, "cloud").ended("run", "t-1").orElseThrow().joined()).isFalse();
  }

  @Test
  void a_machine_that_is_in_no_book_is_ended_once_it_is_not_young() throws IOException {
    cloud.launch(intent("stray"));

    assertThat(pass(Duration.ofSeconds(80))).isEmpty();
    pass(Duration.ofSeconds(40));
    assertThat(cloud.living()).isEmpty();
  }

  @Test
  void a_machine_that_a_slow_process_launched_after_the_end_is_ended() throws IOException {
    acquire("t-1");
    release("t-1");
    cloud.machines.clear();
    cloud.launched.clear();
    cloud.terminated.clear();
    cloud.launch(intent("t-1")); // its call was on the way for minutes

    pass(SWEEP);

    assertThat(cloud.living()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10})
  void a_process_that_dies_at_any_point_leaves_no_host_and_no_twin(int point) throws IOException {
    for (int seed = 0; seed < 40; seed++) {
      now = now.plus(Duration.ofDays(1));
      story("t-%d-%d".formatted(point, seed), point, new Random(seed));
    }
  }

  /** A run acquires, its process dies there, and then it goes on, or is over. */
  private void story(String token, int point, Random random) throws IOException {
    said = Runs.State.OPEN;
    cloud.lag = Duration.ofSeconds(random.nextInt(61));
    cloud.answersToLose = random.nextInt(2);
    var dying = pool(dyingAt(point, random.nextInt(2)));
    boolean releases = random.nextBoolean();
    tried(() -> dying.acquire(request(token), by()));
    if (random.nextBoolean()) {
      tried(() -> pool.acquire(request(token), by())); // the activity's retry
    }
    if (releases) {
      tried(
          () -> {
            dying.release(released(token));
            return true;
          });
    }
    said = Runs.State.OVER;
    pool = pool(_ -> {}); // another process
    pass(PROMISE);
    assertThat(cloud.living()).as(token).isEmpty();
    assertThat(cloud.machines.stream().filter(machine -> machine.token().equals(token)))
        .as(token)
        .hasSizeLessThan(2);
    pass(PROMISE);
    assertThat(store.list("capacity/")).as(token).isEmpty();
  }

  private static ElasticPool.Crash dyingAt(int point, int later) {
    var left = new int[] {later};
    return at -> {
      if (at == point && left[0]-- <= 0) {
        throw new Halt();
      }
    };
  }

  private interface Call {
    Object run() throws IOException;
  }

  private static void tried(Call call) {
    try {
      call.run();
    } catch (IOException | Halt e) {
      assertThat(e.toString()).isNotEmpty();
    }
  }

  private List<String> pass(Duration time) throws IOException {
    var done = new ArrayList<String>();
    for (var end = now.plus(time); now.isBefore(end); ) {
      now = now.plus(SWEEP);
      done.addAll(pool.sweep(runs(), now));
    }
    return done;
  }

  private Runs runs() {
    return new SameOfAll(said);
  }

  private ElasticPool pool(ElasticPool.Crash crash) {
    return new ElasticPool(cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, crash);
  }

  private Acquisition acquire(String token) {
    try {
      return pool.acquire(request(token), by());
    } catch (IOException e) {
      throw sneaky(e);
    }
  }

  @SuppressWarnings("unchecked")
  private static <E extends Throwable> RuntimeException sneaky(Throwable e) throws E {
    throw (E) e;
  }

  private void release(String token) throws IOException {
    pool.release(released(token));
  }

  private HostState state(String token) throws IOException {
    return pool.describe(new DescribeRequest("run", "cloud", "h", token)).state();
  }

  private ElasticClaims claims(String host, String token) {
    return new ElasticClaims(
        store, new Identity(host, "boot", "cloud", "a10g-24gb-x1"), token, () -> now);
  }

  private static Intent intent(String token) {
    return new Intent(token, "owner", by(), FakeCloud.OFFER, CapacityTerms.NONE);
  }

  private static AcquireRequest request(String token) {
    return new AcquireRequest("run", FakeCloud.OFFER, token, CapacityTerms.NONE);
  }

  private static ReleaseRequest released(String token) {
    return new ReleaseRequest("run", "cloud", "h", token, "done", "");
  }

  private static Execution by() {
    return new Execution("fettle", "run", "execution");
  }

  private static Refusal refusal(Refusal.Kind kind) {
    return new Refusal(kind, kind.name(), "refused", List.of());
  }
}
