package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.fettle.workflows.capacity.CapacityRequest;
import io.fettle.workflows.capacity.ReleaseRequest;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.StopRequest;
import io.fettle.workflows.wire.FailureType;
import io.temporal.client.WorkflowStub;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class HostsTest {
  /** The first pause where a refusal says nothing. */
  private static final Duration LONGER = Duration.ofSeconds(15);

  /** Between two looks for a cheaper host, where a run lives 600 times faster. */
  private static final Duration LOOK = Duration.ofSeconds(1);

  @Test
  void runs_that_start_in_the_same_minute_acquire_under_different_tokens() {
    // as a real server names them: the first eight digits are a clock's
    var one = Acquisitions.token("01a21a9f-03b1-7ee9-8838-a68e89c3bbac", 1);
    var other = Acquisitions.token("01a21a9f-22f4-779b-887e-73eae58824b6", 1);

    assertThat(one).isNotEqualTo(other);
    assertThat(Acquisitions.token("01a21a9f-03b1-7ee9-8838-a68e89c3bbac", 2)).isNotEqualTo(one);
  }

  @Test
  @Timeout(60)
  void a_run_asks_for_a_host_again_as_soon_as_the_refusal_says() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.full = true;
      runs.gpus.askAgain = Optional.of(Duration.ofSeconds(7));
      var run = runs.start();
      runs.until(() -> runs.gpus.choices().size() > 4);
      runs.gpus.full = false;
      runs.result(run);

      assertThat(runs.timers()).contains(Duration.ofSeconds(7)).doesNotContain(LONGER);
      assertThat(runs.gpus.choices().get(2).progress().waitedSeconds()).isGreaterThanOrEqualTo(14);
    }
  }

  @Test
  @Timeout(60)
  void a_run_that_has_waited_for_a_host_as_long_as_it_may_is_parked_and_may_ask_as_long_again() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.full = true;
      runs.gpus.askAgain = Optional.of(Duration.ofMinutes(10));
      runs.steps.maxWait = Optional.of(Duration.ofMinutes(90));
      var run = runs.start();
      runs.sleep(Duration.ofMinutes(89));
      assertThat(run.status().waitingFor()).startsWith("a host of local: every host is taken");

      runs.sleep(Duration.ofMinutes(2));
      runs.until(() -> run.status().waitingFor().startsWith("an operator"));
      assertThat(run.status().waitingFor())
          .startsWith("an operator: it waited 1h30m, as long as capacity.max_wait says, for a host")
          .contains("every host is taken; unpause has it ask for as long again");
      int asked = runs.gpus.choices().size();
      runs.sleep(Duration.ofHours(5));
      assertThat(runs.gpus.choices()).as("a parked run asks for nothing").hasSize(asked);

      run.unpause(new Unpause("ada", "the others are done"));
      runs.sleep(Duration.ofMinutes(80));
      assertThat(run.status().waitingFor()).startsWith("a host of local");
      runs.gpus.full = false;
      assertThat(runs.result(run).leases()).hasSize(1);
    }
  }

  @Test
  @Timeout(60)
  void a_pause_is_no_wait_for_a_host() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.full = true;
      runs.steps.maxWait = Optional.of(Duration.ofHours(1));
      var run = runs.start();
      runs.sleep(Duration.ofMinutes(30));
      run.pause(new Pause("ada", "the node is to be patched"));
      runs.sleep(Duration.ofHours(9));

      run.unpause(new Unpause("ada", "patched"));
      runs.sleep(Duration.ofMinutes(30));
      assertThat(run.status().waitingFor()).startsWith("a host of local");
      runs.gpus.full = false;
      runs.result(run);
    }
  }

  @Test
  @Timeout(60)
  void a_launched_host_whose_claim_failed_is_given_back_and_another_one_asked_for() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.patience = Duration.ofMinutes(10);
      runs.gpus.brokenClaims = 2;

      assertThat(runs.finish().leases()).hasSize(1);

      assertThat(runs.gpus.releases())
          .extracting(ReleaseRequest::reason)
          .startsWith("its host was not claimed", "its host was not claimed");
    }
  }

  @Test
  @Timeout(60)
  void a_run_parks_after_three_launched_hosts_that_did_not_answer() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.patience = Duration.ofMinutes(10);
      runs.gpus.brokenClaims = 3;
      var run = runs.start();
      runs.sleep(Duration.ofMinutes(10));

      assertThat(run.status().waitingFor()).contains("3 launched hosts in a row did not answer");
      run.unpause(new Unpause("ada", "the image is mended"));

      assertThat(runs.result(run).leases()).hasSize(1);
    }
  }

  @Test
  @Timeout(60)
  void hosts_that_cannot_do_their_work_are_given_back_and_three_in_a_row_park_the_run() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.stagings.fails = FailureType.HOST_UNFIT;
      runs.gpus.stagings.nextFail(3);
      var run = runs.start();
      runs.until(() -> run.status().waitingFor().contains("an operator: 3 launched hosts"));

      assertThat(run.status().waitingFor()).contains("no space left on the device");
      assertThat(runs.gpus.released()).containsExactly("a", "b", "c");
      assertThat(runs.gpus.releases()).extracting(ReleaseRequest::taken).containsOnly(false);
      run.unpause(new Unpause("ada", "the image is mended"));

      assertThat(runs.result(run).leases()).hasSize(1);
    }
  }

  @Test
  @Timeout(60)
  void a_host_that_works_begins_the_count_of_those_that_do_not_anew() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.stagings.fails = FailureType.HOST_UNFIT;
      runs.gpus.stagings.nextFail(2);
      runs.gpus.nextLease(
          job -> {
            runs.gpus.stagings.nextFail(2);
            throw FailureType.HOST_LOST.failure("gone");
          });

      assertThat(runs.finish().leases()).hasSize(2);
      assertThat(runs.gpus.released()).startsWith("a", "b", "c", "d", "e");
    }
  }

  @Test
  @Timeout(60)
  void a_host_that_the_cloud_took_is_given_back_as_taken() {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.nextLeaseIsPreemptedAfterStep(1_000);
      runs.finish();

      assertThat(runs.gpus.releases())
          .extracting(ReleaseRequest::host, ReleaseRequest::taken)
          .startsWith(tuple("a", true))
          .endsWith(tuple("b", false));
    }
  }

  /** A trainer's time is not skipped, so the run lives faster: it looks after 10 s. */
  @Test
  @Timeout(60)
  void a_run_on_demand_goes_back_to_spot_once_a_host_of_it_is_ready() throws IOException {
    try (var runs = new RunFixture(3_000)) {
      runs.steps.terms = spot();
      runs.gpus.firstLeaseTrainsAndBeatsUntilItIsStopped(900);
      var run = runs.startTrain(new Pace(60, false));
      WorkflowStub.fromTyped(run).getResult(Checkpoint.class);
      runs.replay();
      runs.keepHistory("cheaper-host");

      assertThat(runs.gpus.starts()).startsWith("a from step 0").endsWith("b from step 900");
      assertThat(run.status().leases())
          .extracting(LeaseStory::ended, LeaseStory::reason)
          .startsWith(tuple("Paused", "a cheaper host is ready"));
      assertThat(runs.gpus.choices()).extracting(CapacityRequest::cheaper).contains(true);
      assertThat(runs.gpus.holdsNone()).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void
      after_three_cheaper_hosts_that_did_not_answer_no_more_are_sought_and_a_stockout_parks_no_run()
          throws InterruptedException {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.silentSpotHosts.set(3);
      var run = trainsOnDemand(runs);
      runs.until(() -> runs.gpus.releases().size() == 3);
      Thread.sleep(LOOK.plusMillis(500));
      assertThat(cheaperSought(runs)).isEqualTo(3);

      int asked = runs.gpus.choices().size();
      runs.gpus.askAgain = Optional.of(Duration.ofSeconds(7));
      runs.gpus.full = true;
      runs.gpus.stop(new StopRequest("", 1, "the cloud wants it back"));
      runs.until(() -> runs.gpus.choices().size() > asked + 1);
      runs.gpus.full = false;
      WorkflowStub.fromTyped(run).getResult(Checkpoint.class);
      runs.replay();

      assertThat(runs.timers()).filteredOn(LOOK::equals).as("looks").hasSize(3);
      assertThat(cheaperSought(runs)).isEqualTo(3);
      assertThat(runs.gpus.holdsNone()).isTrue();
    }
  }

  @Test
  @Timeout(60)
  void cheaper_hosts_that_cannot_work_count_too_and_an_operator_has_the_run_look_again()
      throws InterruptedException {
    try (var runs = new RunFixture(3_000)) {
      runs.gpus.stagings.fails = FailureType.HOST_UNFIT;
      runs.gpus.silentSpotHosts.set(1);
      runs.gpus.stagings.failAfter(1, 2); // of the host on demand; a silent one stages nothing
      var run = trainsOnDemand(runs);
      runs.until(() -> runs.gpus.releases().size() == 3);
      Thread.sleep(LOOK.plusMillis(500));
      assertThat(cheaperSought(runs)).isEqualTo(3);

      run.pause(new Pause("ada", "the image is to be mended"));
      runs.until(() -> run.status().waitingFor().startsWith("an operator"));
      run.unpause(new Unpause("ada", "mended"));
      WorkflowStub.fromTyped(run).getResult(Checkpoint.class);
      runs.replay();

      assertThat(runs.timers()).filteredOn(LOOK::equals).as("looks").hasSize(4);
    }
  }

  /** A look every second. */
  private static TrainWorkflow trainsOnDemand(RunFixture runs) {
    runs.steps.terms = spot();
    runs.gpus.firstLeaseTrainsAndBeatsUntilItIsStopped(900);
    return runs.startTrain(new Pace(600, false));
  }

  private static long cheaperSought(RunFixture runs) {
    return runs.gpus.choices().stream().filter(CapacityRequest::cheaper).count();
  }

  private static CapacityTerms spot() {
    var none = CapacityTerms.NONE;
    return new CapacityTerms(
        Market.SPOT,
        3,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        none.lease(),
        none.stop());
  }
}
