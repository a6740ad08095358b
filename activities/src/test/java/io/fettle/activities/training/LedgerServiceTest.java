package io.fettle.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.workflows.training.FinishedTrain;
import io.fettle.workflows.training.LedgerActivities;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.training.WatchLease;
import io.fettle.workflows.wire.FailureType;
import io.temporal.activity.ActivityOptions;
import io.temporal.failure.ActivityFailure;
import io.temporal.failure.ApplicationFailure;
import io.temporal.testing.TestActivityEnvironment;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(value = 60, unit = TimeUnit.SECONDS)
class LedgerServiceTest {
  private static final String RUN = "support-1a2b3c4d";
  private static final String INPUT = "ab".repeat(32);
  private static final Duration LEASE_TIME = Duration.ofSeconds(2);

  @TempDir Path directory;
  private TestActivityEnvironment environment;
  private ObjectStore store;
  private Ledger ledger;
  private LedgerActivities activities;

  @BeforeEach
  void prepare() throws Exception {
    store = Stores.open(directory.toUri());
    ledger = new Ledger(store, RUN, Clock.systemUTC());
    environment = TestActivityEnvironment.newInstance();
    environment.registerActivitiesImplementations(
        TrainingHost.ledger(store, new StepCache(store, "test")));
    activities =
        environment.newActivityStub(
            LedgerActivities.class,
            ActivityOptions.newBuilder().setStartToCloseTimeout(Duration.ofSeconds(30)).build());
  }

  @AfterEach
  void close() {
    environment.close();
  }

  @Test
  void a_first_lease_goes_on_from_nothing() {
    var lease = activities.open(OpenLease.of(RUN, INPUT, "local-1"));

    assertThat(lease.number()).isEqualTo(1);
    assertThat(lease.host()).isEqualTo("local-1");
    assertThat(lease.resumeFrom()).isEmpty();
    assertThat(lease.previous()).isZero();
  }

  @Test
  void another_namespace_is_refused_unless_it_takes_over() throws Exception {
    var theirs = new LeaseRecord.Holder("staging", "their-run", "1");
    ledger.open(new Ledger.Opening(theirs, "elsewhere", INPUT, 0));

    assertThatThrownBy(() -> activities.open(OpenLease.of(RUN, INPUT, "local-1")))
        .isInstanceOf(ActivityFailure.class)
        .cause()
        .isInstanceOfSatisfying(
            ApplicationFailure.class,
            failure -> {
              assertThat(failure.getType()).isEqualTo(FailureType.HELD_ELSEWHERE.type());
              assertThat(failure.getOriginalMessage())
                  .contains("held by namespace staging (lease 1 on host elsewhere")
                  .contains("fettle run SPEC --take-over --reason WHY");
            });
    var by = new TakeOver("ada", "their server is gone");
    var taken = activities.open(OpenLease.of(RUN, INPUT, "local-1").takingOver(by));
    assertThat(taken.number()).isEqualTo(2);
    assertThat(ledger.lease(2).takenOver())
        .isEqualTo(new LeaseRecord.TakenOver(1, "staging", "ada", "their server is gone"));
  }

  @Test
  void a_take_over_of_nothing_is_no_take_over() throws Exception {
    var by = new TakeOver("ada", "to be sure");

    activities.open(OpenLease.of(RUN, INPUT, "local-1").takingOver(by));

    assertThat(ledger.lease(1).takenOver()).isNull();
  }

  @Test
  void a_silent_lease_runs_out_and_a_renewed_one_does_not() throws Exception {
    activities.open(OpenLease.of(RUN, INPUT, "local-1"));
    var watch = watching();
    var renewedUntil = System.nanoTime() + LEASE_TIME.multipliedBy(2).toNanos();

    while (System.nanoTime() < renewedUntil) {
      ledger.renew(1);
      assertThat(watch).isNotDone();
      Thread.sleep(100);
    }

    watch.get();
    assertThat(System.nanoTime() - renewedUntil)
        .isGreaterThan(LEASE_TIME.minusMillis(200).toNanos());
  }

  @Test
  void an_ended_lease_is_not_waited_for() throws Exception {
    activities.open(OpenLease.of(RUN, INPUT, "local-1"));
    ledger.end(1);

    activities.watchLease(new WatchLease(RUN, 1, Duration.ofMinutes(15)));
  }

  @Test
  void a_train_that_nobody_finished_has_no_record() {
    assertThat(activities.finished(new FinishedTrain(RUN, INPUT))).isEmpty();
  }

  private CompletableFuture<Void> watching() {
    return CompletableFuture.runAsync(
        () -> activities.watchLease(new WatchLease(RUN, 1, LEASE_TIME)));
  }
}
