package io.fettle.activities.capacity;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;
import static org.assertj.core.api.Assertions.within;

import io.fettle.activities.capacity.Capacity.Execution;
import io.fettle.activities.capacity.Capacity.Pool;
import io.fettle.activities.capacity.Refusal.Kind;
import io.fettle.activities.capacity.elastic.ElasticPool;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.AskAgain;
import io.fettle.workflows.capacity.CapacityProgress;
import io.fettle.workflows.capacity.CapacityRequest;
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
import java.util.Optional;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Choices, refusals and money of an elastic pool, through a store. */
class PoolActivitiesTest {
  private final PricedCloud cloud =
      new PricedCloud(
          List.of(
              offer(Market.SPOT, "eu-west-1a", 2.0),
              offer(Market.SPOT, "eu-west-1b", 3.0),
              offer(Market.ON_DEMAND, "eu-west-1a", 8.0)));

  @TempDir Path folder;
  private ObjectStore store;
  private Instant now = Instant.parse("2026-11-28T10:00:00Z");
  private ElasticPool.Crash crash = ElasticPool.Crash.NEVER;
  private CapacityTerms terms = PricedCloud.terms(Optional.empty(), Optional.empty());

  @BeforeEach
  void open() throws IOException {
    store = Stores.open(folder.toUri());
  }

  @AfterEach
  void close() throws IOException {
    store.close();
  }

  @Test
  void a_refused_place_is_not_chosen_again_even_by_another_control_worker() {
    var offer = choose("run");
    cloud.refusals.add(refusal(Kind.STOCKOUT, offer.places().subList(0, 1)));
    var failure = refused(() -> acquire("run", "t-1", offer));
    assertThat(failure.getType()).isEqualTo(FailureType.NO_CAPACITY.type());
    assertThat(failure.getDetails().get(0, AskAgain.class).after())
        .isEqualTo(Duration.ofSeconds(2));

    assertThat(choose("run").places()).extracting(Place::zone).containsExactly("eu-west-1b");
  }

  @Test
  void a_throttled_call_is_repeated_later_with_the_same_token() {
    var offer = choose("run");
    cloud.refusals.add(refusal(Kind.THROTTLE, List.of()));
    var failure = refused(() -> acquire("run", "t-1", offer));
    assertThat(failure.getType()).isEqualTo(FailureType.THROTTLED.type());
    assertThat(failure.isNonRetryable()).isFalse();
    assertThat(failure.getNextRetryDelay()).isEqualTo(Duration.ofSeconds(20));

    acquire("run", "t-1", offer);
    assertThat(cloud.launched).hasSize(2);
  }

  @Test
  void refused_launches_come_no_faster_than_six_a_minute_over_restarts() {
    var offer = choose("run");
    int calls = 0;
    for (int second = 0; second < 60; second++) {
      cloud.refusals.clear();
      cloud.refusals.add(refusal(Kind.ENDED, List.of()));
      refused(() -> acquire("run", "t-" + cloud.launched.size(), offer));
      calls = cloud.launched.size();
      now = now.plusSeconds(1);
    }
    assertThat(calls).isEqualTo(6);
  }

  @Test
  void a_host_that_was_taken_back_makes_its_place_dearer_for_the_next() {
    acquire("run", "t-1", choose("run"));
    activities().release(new ReleaseRequest("run", "aws", "h", "t-1", "spot notice", "", true));

    assertThat(choose("run").places())
        .extracting(Place::zone)
        .containsExactly("eu-west-1b", "eu-west-1a");
  }

  @Test
  void a_host_that_was_taken_back_teaches_once_however_often_its_release_is_repeated() {
    acquire("run", "t-1", choose("run"));
    var release = new ReleaseRequest("run", "aws", "h", "t-1", "spot notice", "", true);
    crash = point -> halt(point == 8); // as a worker that ends once the release is written
    for (int i = 0; i < 3; i++) {
      assertThat(catchThrowable(() -> activities().release(release))).hasMessage("halt");
      now = now.plusSeconds(1);
    }

    assertThat(choose("run").reason())
        .contains("interruptions lately 1.0")
        .doesNotContain("interruptions lately 3.0");
  }

  private static void halt(boolean now) {
    if (now) {
      throw new IllegalStateException("halt");
    }
  }

  @Test
  void a_run_spends_what_its_ended_and_living_hosts_cost() throws IOException {
    acquire("run", "t-1", choose("run"));
    now = now.plus(Duration.ofMinutes(30));
    activities().release(new ReleaseRequest("run", "aws", "h", "t-1", "done", ""));
    acquire("run", "t-2", choose("run"));
    now = now.plus(Duration.ofMinutes(15));

    terms = PricedCloud.terms(Optional.of(10.0), Optional.empty());
    var purse = purses().of("run", terms);
    assertThat(purse.spent()).isCloseTo(1.5, within(1e-6));
    // 3.5 minutes to save and a lease of 15 are set aside, at 2 dollars an hour
    assertThat(purse.left().getAsDouble()).isCloseTo(10 - 1.5 - 2 * 1_110 / 3600.0, within(1e-6));
  }

  @Test
  void runs_of_an_experiment_share_its_cap() throws IOException {
    terms = PricedCloud.terms(Optional.empty(), Optional.of(4.0));
    acquire("one", "t-1", choose("one"));
    now = now.plus(Duration.ofHours(1));
    assertThat(choose("two").reason()).contains("0.00 dollars spent, 1.38 left");
    now = now.plus(Duration.ofMinutes(30));
    var failure = refused(() -> choose("two"));
    assertThat(failure.getType()).isEqualTo(FailureType.NO_CAPACITY.type());
    assertThat(failure.getOriginalMessage()).contains("more than the budget pays for", "0.38 left");
  }

  @Test
  void a_pool_that_may_not_be_asked_ends_the_run_with_the_fix() {
    cloud.refusals.add(refusal(Kind.PERMISSION, List.of()));
    refused(() -> acquire("run", "t-1", choose("run")));
    var failure = refused(() -> choose("run"));
    assertThat(failure.getType()).isEqualTo(FailureType.REFUSED.type());
    assertThat(failure.getOriginalMessage()).contains("aws said code: do this");
  }

  private Offer choose(String run) {
    return activities()
        .choose(
            new CapacityRequest(
                run, List.of("aws"), "a10g-24gb-x1", 1, terms, CapacityProgress.NONE, false));
  }

  private void acquire(String run, String token, Offer offer) {
    activities().acquire(new AcquireRequest(run, offer, token, terms));
  }

  /** As a control worker that has just started. */
  private PoolActivities activities() {
    return new PoolActivities(
        List.of(pool()),
        run -> new Execution("fettle", run, "execution"),
        Experience.keptIn(store, () -> now),
        purses());
  }

  private StorePurses purses() {
    return new StorePurses(store, () -> now);
  }

  private Pool pool() {
    return new ElasticPool(cloud, "owner", store, ElasticPool.Patience.USUAL, () -> now, crash);
  }

  private static ApplicationFailure refused(ThrowingCallable call) {
    var thrown = catchThrowable(call);
    assertThat(thrown).isInstanceOf(ApplicationFailure.class);
    var wire = Wire.dataConverter();
    return (ApplicationFailure) wire.failureToException(wire.exceptionToFailure(thrown));
  }

  private static Refusal refusal(Kind kind, List<Place> places) {
    return new Refusal(kind, "code", "do this", places);
  }

  private static Offer offer(Market market, String zone, double price) {
    return new Offer(
        "aws", "a10g-24gb-x1", price, "", market, List.of(new Place("g5.xlarge", zone, price)));
  }
}
