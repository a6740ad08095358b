package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.training.HostNotice;
import java.io.IOException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The next host is made ready while the one that trains saves. */
@Timeout(60)
class HandoverTest {
  private static final HostNotice NOTICE =
      new HostNotice("a", "told to leave", Duration.ofSeconds(30));

  private final RunFixture runs = new RunFixture(3_000);

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void the_next_host_is_staged_during_the_notice_and_trains_only_once_the_old_train_has_closed()
      throws IOException {
    runs.gpus.nextLeaseLeavesWithItsNotice(900);
    var run = training();

    run.noticed(NOTICE);
    runs.until(() -> runs.gpus.stagings.hosts().contains("b"));

    assertThat(run.status().leases()).extracting(LeaseStory::ended).containsExactly("running");
    assertThat(run.status().waitingFor()).contains("the train to close: a leaves in 30 s");
    assertThat(runs.gpus.starts()).containsExactly("a from step 0");
    runs.gpus.theNoticeRunsOut();
    var record = runs.result(run);
    runs.keepHistory("handed-over");
    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 900");
    assertThat(runs.gpus.asked()).as("hosts that were acquired").hasSize(2);
    assertThat(record.leases())
        .extracting(LeaseStory::ended)
        .containsExactly("Preempted", "Finished");
    assertThat(run.status().waitingFor()).isEmpty();
    assertThat(runs.gpus.holdsNone()).isTrue();
  }

  @Test
  void a_train_that_finishes_within_its_notice_leaves_the_steps_after_it_to_the_next_host() {
    runs.gpus.nextLeaseFinishesWithinItsNotice();
    var run = training();

    run.noticed(NOTICE);
    runs.until(() -> runs.gpus.stagings.hosts().contains("b"));
    runs.gpus.theNoticeRunsOut();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(runs.gpus.released()).containsExactly("a", "b");
    assertThat(runs.gpus.asked()).hasSize(2);
  }

  @Test
  void a_host_that_was_made_ready_in_vain_is_given_back() {
    runs.gpus.nextLeaseTrainsUntilItIsStopped(900);
    var run = training();
    run.noticed(NOTICE);
    runs.until(() -> runs.gpus.stagings.hosts().contains("b"));

    run.pause(new Pause("ada", "wait"));
    runs.until(() -> run.status().waitingFor().contains("an operator: paused by ada"));

    assertThat(runs.gpus.holdsNone()).isTrue();
    assertThat(runs.gpus.released()).containsExactly("a", "b");
  }

  @Test
  void a_notice_of_a_host_that_does_not_train_acquires_nothing_and_a_second_one_no_more() {
    runs.gpus.nextLeaseLeavesWithItsNotice(900);
    var run = training();

    run.noticed(new HostNotice("f", "told to leave", Duration.ofSeconds(30)));
    run.noticed(NOTICE);
    run.noticed(NOTICE);
    runs.until(() -> runs.gpus.stagings.hosts().contains("b"));
    runs.gpus.theNoticeRunsOut();
    runs.result(run);

    assertThat(runs.gpus.asked()).hasSize(2);
  }

  private FineTuneWorkflow training() {
    var run = runs.start();
    runs.until(() -> runs.gpus.starts().size() == 1);
    return run;
  }
}
