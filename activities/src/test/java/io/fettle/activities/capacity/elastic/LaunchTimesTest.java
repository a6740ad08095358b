package io.fettle.activities.capacity.elastic;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.capacity.Capacity.Execution;
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
  void what_no_provider_had_costs_nothing_however_long_it_is_open() throws IOException {
    cloud.refusal = Optional.of(refusal(Refusal.Kind.STOCKOUT));
    assertThatThrownBy(this::acquire).isInstanceOf(Refusal.class);
    now = now.plus(Duration.ofMinutes(20));

    assertThat(spent()).isZero();
    pass(Duration.ofMinutes(4));
    assertThat(ended().machine()).isEmpty();
    assertThat(spent()).isZero();
  }

  private void acquire() throws IOException {
    pool.acquire(
        new AcquireRequest("run", FakeCloud.OFFER, "t-1", CapacityTerms.NONE),
        new Execution("fettle", "run", "execution"));
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
