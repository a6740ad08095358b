package io.fettle.activities.capacity.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Intent;
import io.fettle.activities.capacity.Capacity.Machine;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.Refusal;
import io.fettle.activities.capacity.SameOfAll;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Since when a host has time to join, and costs money. */
class LaunchTimesTest {
  private static final Duration SWEEP = Duration.ofSeconds(20);
  private static final Execution BY = new Execution("fettle", "run", "execution");
  private static final Duration OUTAGE = Duration.ofMinutes(12);

  @TempDir Path folder;
  private Instant now = Instant.parse("2026-01-01T00:00:00Z");
  private ObjectStore store;
  private FakeCloud cloud;
  private ElasticPool pool;

  @BeforeEach
  void prepare() throws IOException {
    store = Stores.open(folder.toUri());
    cloud = new FakeCloud(() -> now);
    pool =
        new ElasticPool(
            cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, ElasticPool.Crash.NEVER);
  }

  @Test
  void a_host_that_was_launched_after_an_outage_has_all_its_time_to_join() throws IOException {
    cloud.hidden = Optional.of(refusal(Refusal.Kind.THROTTLE));
    for (var end = now.plus(OUTAGE); now.isBefore(end); ) {
      assertThatThrownBy(this::acquire).isInstanceOf(Refusal.class);
      now = now.plus(SWEEP);
      assertThatThrownBy(this::sweep).hasMessageContaining("refused");
    }
    cloud.hidden = Optional.empty();
    acquire();

    pass(ElasticPool.Patience.USUAL.join());
    assertThat(cloud.living()).extracting(Machine::id).containsExactly("i-0");
    pass(Duration.ofMinutes(2));
    assertThat(cloud.living()).as("nobody joined").isEmpty();
  }

  @Test
  void what_is_never_launched_is_given_up_in_the_time_of_one_that_never_joins() throws IOException {
    cloud.refusal = Optional.of(refusal(Refusal.Kind.THROTTLE));
    assertThatThrownBy(this::acquire).isInstanceOf(Refusal.class);

    pass(OUTAGE.plusMinutes(2));

    assertThat(store.list("capacity/open/")).isEmpty();
    assertThat(ended().dollars()).isZero();
  }

  @Test
  void an_adopted_host_costs_money_since_it_was_allowed() throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(this::acquire).hasMessageContaining("reset");
    now = now.plus(Duration.ofMinutes(20)); // no worker was there
    acquire();

    assertThat(spent()).isEqualTo(1.2);
    now = now.plus(Duration.ofMinutes(10));
    assertThat(spent()).isEqualTo(1.8);
    release();
    assertThat(ended().dollars()).isEqualTo(1.8);
  }

  @Test
  void a_host_that_nobody_adopts_is_on_record_with_its_cost() throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(this::acquire).hasMessageContaining("reset");
    now = now.plus(Duration.ofMinutes(20));

    release();
    pass(Duration.ofMinutes(4));

    assertThat(cloud.living()).isEmpty();
    assertThat(ended().machine()).isEqualTo("i-0");
    assertThat(ended().dollars()).isBetween(1.2, 1.5);
  }

  @Test
  void a_host_that_may_have_been_launched_costs_money_while_its_provider_cannot_be_asked()
      throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(this::acquire).hasMessageContaining("reset");
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    now = now.plus(Duration.ofMinutes(20));
    assertThat(spent()).isEqualTo(1.2);

    release(); // the host reads it, and ends itself
    now = now.plus(Duration.ofMinutes(10));
    assertThat(spent()).as("as until then").isEqualTo(1.2);
  }

  @Test
  void a_host_that_nobody_saw_costs_no_more_than_until_it_has_ended_itself() throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(this::acquire).hasMessageContaining("reset");
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    passAway(Duration.ofHours(12));

    assertThat(spent()).as("30 minutes to start, 15 of a lease, 3.5 to save").isEqualTo(2.91);
  }

  @Test
  void what_was_never_asked_for_costs_nothing_while_its_provider_cannot_be_asked()
      throws IOException {
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    for (int hour = 0; hour < 12; hour++) {
      assertThatThrownBy(this::acquire).hasMessageContaining("cannot be told");
      now = now.plus(Duration.ofHours(1));
    }

    assertThat(spent()).isZero();
  }

  @Test
  void a_host_whose_release_its_provider_did_not_hear_costs_no_more_than_until_it_has_ended_itself()
      throws IOException {
    acquire();
    join();
    now = now.plus(Duration.ofMinutes(20));
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    release();
    passAway(Duration.ofHours(12));
    assertThat(spent()).as("20 minutes, a lease and 3.5 to save").isEqualTo(2.31);

    cloud.hidden = Optional.empty();
    pass(Duration.ofMinutes(4));
    assertThat(ended().dollars()).isEqualTo(2.31);
  }

  @Test
  void a_host_that_nobody_joined_is_renewed_no_longer_although_its_provider_cannot_be_asked()
      throws IOException {
    cloud.answersToLose = 1;
    assertThatThrownBy(this::acquire).hasMessageContaining("reset");
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    passAway(ElasticPool.Patience.USUAL.join());
    var early = renewal();
    passAway(Duration.ofMinutes(2));
    var last = renewal();
    assertThat(last).isNotEqualTo(early);

    passAway(Duration.ofMinutes(2));

    assertThat(renewal()).isEqualTo(last);
  }

  @Test
  void a_host_that_joined_is_renewed_as_long_as_its_provider_cannot_be_asked() throws IOException {
    acquire();
    join();
    cloud.hidden = Optional.of(refusal(Refusal.Kind.PERMISSION));
    passAway(Duration.ofMinutes(30));
    var early = renewal();

    passAway(SWEEP);

    assertThat(renewal()).isNotEqualTo(early);
  }

  private void passAway(Duration time) {
    for (var end = now.plus(time); now.isBefore(end); ) {
      now = now.plus(SWEEP);
      assertThatThrownBy(this::sweep).hasMessageContaining("refused");
    }
  }

  private String renewal() throws IOException {
    var bytes = new Book(store, "cloud").renewed("t-1").orElseThrow();
    return new String(bytes, StandardCharsets.UTF_8);
  }

  @Test
  void an_acquisition_whose_end_is_on_record_is_counted_once() throws IOException {
    acquire();
    now = now.plus(Duration.ofMinutes(20));
    release();
    var book = new Book(store, "cloud"); // its marks are about to be removed
    book.intend(new Intent("t-1", "owner", BY, FakeCloud.OFFER, CapacityTerms.NONE));
    book.admit("t-1", now.minus(Duration.ofMinutes(20)));

    assertThat(spent()).isEqualTo(1.2);
  }

  @Test
  void what_no_provider_had_costs_nothing_however_long_it_is_open() throws IOException {
    cloud.refusal = Optional.of(refusal(Refusal.Kind.STOCKOUT));
    assertThatThrownBy(this::acquire).isInstanceOf(Refusal.class);
    now = now.plus(Duration.ofMinutes(20));

    assertThat(spent()).isZero();
    pass(Duration.ofMinutes(4));
    assertThat(ended().machine()).isEmpty();
    assertThat(spent()).isZero();
  }

  @Test
  void a_host_that_its_provider_calls_dead_costs_nothing_more_although_its_run_comes_later()
      throws IOException {
    acquire();
    join();
    pass(Duration.ofMinutes(20));
    cloud.terminated.add("i-0");

    pass(Duration.ofHours(2)); // the run is busy with something that takes no GPU

    assertThat(spent()).isEqualTo(1.22);
    assertThat(new Book(store, "cloud").isReleased("t-1")).as("it is the run's").isFalse();
    release();
    assertThat(ended().dollars()).isEqualTo(1.22);
    assertThat(ended().seconds()).isEqualTo(1_220);
    assertThat(store.list("capacity/open/")).isEmpty();
  }

  @Test
  void a_host_that_its_provider_knows_no_more_costs_nothing_more() throws IOException {
    acquire();
    join();
    pass(Duration.ofMinutes(20));
    cloud.machines.clear();
    cloud.launched.clear();

    pass(Duration.ofHours(2));

    assertThat(spent()).as("and the time in which lists may lag").isBetween(1.2, 1.3 + 1e-9);
  }

  @Test
  void a_host_that_a_list_does_not_show_goes_on_costing_money() throws IOException {
    acquire();
    join();
    cloud.lag = Duration.ofDays(1);
    pass(SWEEP);
    cloud.lag = Duration.ZERO;
    pass(Duration.ofMinutes(20).minus(SWEEP));
    assertThat(spent()).isEqualTo(1.2);

    cloud.lag = Duration.ofDays(1);
    cloud.knowsIdsAtOnce = true;
    pass(Duration.ofMinutes(10));
    assertThat(spent()).as("its id is known").isEqualTo(1.8);
  }

  private void join() throws IOException {
    new Book(store, "cloud").join("t-1", new Book.Joined("h", "boot", now));
  }

  private void acquire() throws IOException {
    pool.acquire(new AcquireRequest("run", FakeCloud.OFFER, "t-1", CapacityTerms.NONE), BY);
  }

  private void release() throws IOException {
    pool.release(new ReleaseRequest("run", "cloud", "h", "t-1", "done", ""));
  }

  private double spent() throws IOException {
    return new Spending(store).of("run", now).dollars();
  }

  private Book.Ended ended() throws IOException {
    return new Book(store, "cloud").ended("run", "t-1").orElseThrow();
  }

  private void sweep() throws IOException {
    pool.sweep(new SameOfAll(Runs.State.OPEN), now);
  }

  private void pass(Duration time) throws IOException {
    for (var end = now.plus(time); now.isBefore(end); ) {
      now = now.plus(SWEEP);
      sweep();
    }
  }

  private static Refusal refusal(Refusal.Kind kind) {
    return new Refusal(kind, kind.name(), "refused", List.of());
  }
}
