package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.training.ProbeAnswer.State;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Execution;
import org.junit.jupiter.api.parallel.ExecutionMode;

/**
 * Silence is not death: what the workflow does when a train's heartbeat was not heard. Time is not
 * skipped while an activity is under way, so each test waits out a real heartbeat timeout.
 */
@Tag("real")
@Timeout(120)
@Execution(ExecutionMode.CONCURRENT)
class LostContactTest {
  private final RunFixture runs = new RunFixture(3_000);

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void a_trainer_that_a_probe_finds_alive_is_adopted_under_the_same_lease() {
    runs.gpus.nextLeaseLosesContact();

    var record = runs.finish();

    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "a from step 0");
    assertThat(runs.gpus.jobs()).extracting(job -> job.lease().number()).containsExactly(1, 1);
    assertThat(record.leases()).extracting(LeaseStory::ended).containsExactly("Finished");
  }

  @Test
  void a_host_that_the_provider_calls_terminated_is_replaced() {
    runs.gpus.nextLeaseLosesContact();
    runs.gpus.probesSay(State.UNKNOWN);
    runs.gpus.terminate("a");

    var record = runs.finish();

    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 0");
    assertThat(record.leases())
        .extracting(LeaseStory::ended)
        .containsExactly("HostLost", "Finished");
    assertThat(record.leases().getFirst().reason())
        .as("the provider's word, with its reason")
        .isEqualTo("the provider says that a is terminated: wanted back");
  }

  @Test
  void the_providers_word_is_not_kept_waiting_by_a_probe() {
    runs.gpus.nextLeaseLosesContact();
    runs.gpus.probesAreUnheard();
    runs.gpus.terminate("a");

    var record = runs.finish();

    assertThat(record.leases().getFirst().reason()).contains("terminated");
  }

  @Test
  void a_host_of_which_nobody_says_anything_is_replaced_only_after_its_lease_ran_out() {
    runs.gpus.nextLeaseLosesContact();
    runs.gpus.probesSay(State.UNKNOWN);
    runs.gpus.leasesRunOut();

    var record = runs.finish();

    assertThat(record.leases().getFirst().reason()).contains("silent for the whole lease");
    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 0");
  }

  @Test
  void a_claim_whose_answer_was_lost_is_released() {
    runs.gpus.nextClaimIsUnheard();

    runs.finish();

    assertThat(runs.gpus.starts()).containsExactly("b from step 0");
    assertThat(runs.gpus.released()).containsExactly("a", "b");
  }

  @Test
  void a_trainer_that_left_neither_process_nor_exit_record_is_a_lost_host() {
    runs.gpus.nextLeaseLosesContact();
    runs.gpus.probesSay(State.GONE);

    assertThat(runs.finish().leases())
        .extracting(LeaseStory::ended)
        .containsExactly("HostLost", "Finished");
  }
}
