package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Capacity.Runs;
import io.fettle.activities.capacity.elastic.Booked;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.capacity.setup.PoolSettings;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.AskAgain;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.DescribeRequest;
import io.fettle.workflows.capacity.HostState;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.capacity.Place;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.ApplicationFailure;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A control worker whose file no longer has the pool that launched a run's host. */
class RetiredTest {
  private static final Offer OFFER =
      new Offer(
          "aws",
          "a10g-24gb-x1",
          2,
          "",
          Market.SPOT,
          List.of(new Place("g5.xlarge", "eu-west-1a", 2)));
  private static final CapacityTerms TERMS = PricedCloud.terms(Optional.empty(), Optional.empty());
  private static final Execution BY = new Execution("fettle", "run", "execution");
  private static final PoolSettings SETTINGS =
      new PoolSettings(
          "aws",
          "aws",
          Map.of("region", "eu-west-1"),
          Map.of("eu-west-1a", "subnet-1"),
          Set.of(Market.SPOT),
          Map.of("a10g-24gb-x1", List.of("g5.xlarge")),
          Map.of("g5.xlarge", new PoolSettings.Price(2, 8)),
          PoolSettings.JOIN);

  @TempDir Path folder;
  private final PricedCloud cloud = new PricedCloud(List.of(OFFER));
  private ObjectStore store;
  private Instant now = Instant.parse("2026-11-28T10:00:00Z");
  private Runs.State said = Runs.State.OPEN;
  private Retired retired;

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
    retired = retired();
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_run_on_it_waits_with_a_sentence_that_says_what_to_do() {
    var request =
        new CapacityRequest(
            "run", List.of("aws"), "a10g-24gb-x1", 1, TERMS, CapacityProgress.NONE, false);

    var failure = failure(() -> activities().choose(request));

    assertThat(failure.getType()).isEqualTo(FailureType.NO_CAPACITY.type());
    assertThat(failure.getOriginalMessage())
        .contains("pool aws gives no host: it is not in pools.yaml; put it back");
    assertThat(failure.getDetails().get(0, AskAgain.class).after())
        .isEqualTo(Duration.ofMinutes(10));
  }

  @Test
  void an_offer_of_it_launches_nothing_more_and_an_earlier_launch_of_it_ends() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();

    var failure =
        failure(() -> activities().acquire(new AcquireRequest("run", OFFER, "t-1", TERMS)));

    assertThat(failure.getType()).isEqualTo(FailureType.NO_CAPACITY.type());
    assertThat(cloud.launched).hasSize(1);
    assertThat(lives()).isFalse();
  }

  @Test
  void what_it_launched_is_told_of_and_given_back_with_the_settings_it_had() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();

    assertThat(activities().describe(new DescribeRequest("run", "aws", "h", "t-1")).state())
        .isEqualTo(HostState.RUNNING);
    activities().release(new ReleaseRequest("run", "aws", "h", "t-1", "done", ""));

    assertThat(lives()).isFalse();
    assertThat(Booked.open(store, "fettle", Set.of())).isEmpty();
  }

  @Test
  void what_it_launched_is_given_back_by_the_book_while_its_provider_cannot_be_asked()
      throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();
    Retired.Maker away =
        _ -> {
          throw new IOException("no credentials");
        };
    retired = new Retired(Set.of(), "it is not in pools.yaml", "fettle", store, away);

    activities().release(new ReleaseRequest("run", "aws", "h", "t-1", "spot notice", "", true));

    assertThat(tenure().isOver()).isTrue();
    assertThat(lives()).isTrue();
    retired = retired();
    sweep();
    assertThat(lives()).isFalse();
  }

  @Test
  void the_host_of_a_run_that_is_over_is_swept_and_no_other() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();
    sweep();
    assertThat(lives()).isTrue();
    assertThat(tenure().renewal()).isPresent();

    said = Runs.State.OVER;

    assertThat(sweep()).singleElement().asString().contains("acquisition t-1 of run run");
    assertThat(lives()).isFalse();
  }

  @Test
  void without_its_settings_hosts_are_renewed_and_told_to_end_by_the_book() throws IOException {
    acquire();
    sweep();
    var first = tenure().renewal();
    sweep();
    assertThat(tenure().renewal()).isPresent().isNotEqualTo(first);
    assertThat(activities().describe(new DescribeRequest("run", "aws", "h", "t-1")).state())
        .isEqualTo(HostState.UNKNOWN);
    assertThat(new StorePurses(store, () -> now).standing()).as("it still costs").hasSize(1);

    activities().release(new ReleaseRequest("run", "aws", "h", "t-1", "done", ""));

    assertThat(tenure().isOver()).as("the host reads it, and ends itself").isTrue();
    assertThat(Booked.open(store, "fettle", Set.of()))
        .as("nobody saw it end")
        .containsOnlyKeys("aws");
    pool().sweep(runs(), now); // the pool is back
    assertThat(Booked.open(store, "fettle", Set.of())).isEmpty();
    assertThat(lives()).isFalse();
  }

  @Test
  void pools_that_are_there_are_none_of_its() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();
    var knowing = new Retired(Set.of("aws"), "", "fettle", store, _ -> pool());
    said = Runs.State.OVER;

    assertThat(knowing.named("aws")).isEmpty();
    assertThat(knowing.sweep(runs(), now)).isEmpty();
    assertThat(lives()).isTrue();
  }

  @Test
  void hosts_of_another_namespace_on_the_same_store_are_none_of_its() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();
    said = Runs.State.OVER;
    var other =
        new Retired(
            Set.of(),
            "",
            "another",
            store,
            _ -> {
              throw new IOException("asked for a pool of others");
            });

    assertThat(other.sweep(runs(), now)).isEmpty();
  }

  @Test
  void settings_are_kept_as_they_were() throws IOException {
    Retired.keep(store, SETTINGS);
    acquire();
    var seen = new PoolSettings[1];
    var other =
        new Retired(
            Set.of(),
            "",
            "fettle",
            store,
            settings -> {
              seen[0] = settings;
              return pool();
            });

    other.sweep(runs(), now);

    assertThat(seen[0]).isEqualTo(SETTINGS);
  }

  private void acquire() throws IOException {
    pool().acquire(new AcquireRequest("run", OFFER, "t-1", TERMS), BY);
  }

  private boolean lives() {
    return cloud.machines("t-1").getFirst().mayCost();
  }

  private Booked.Tenure tenure() {
    return Booked.tenure(store, new HostClaim.Identity("h", "boot", "aws", "a10g-24gb-x1"), "t-1");
  }

  private List<String> sweep() throws IOException {
    now = now.plusSeconds(20);
    return retired.sweep(runs(), now);
  }

  private Runs runs() {
    return new SameOfAll(said);
  }

  private PoolActivities activities() {
    return new PoolActivities(
        List.of(retired),
        _ -> BY,
        Experience.keptIn(store, () -> now),
        new StorePurses(store, () -> now));
  }

  private Retired retired() {
    return new Retired(
        Set.of("local"), "it is not in pools.yaml; put it back", "fettle", store, _ -> pool());
  }

  private Pool pool() {
    return new ElasticPool(
        cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, ElasticPool.Crash.NEVER);
  }

  private static ApplicationFailure failure(ThrowingCallable call) {
    var thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ApplicationFailure.class);
    var wire = Wire.dataConverter();
    return (ApplicationFailure) wire.failureToException(wire.exceptionToFailure(thrown));
  }
}
