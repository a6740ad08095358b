package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.evaluation.AnswerJob;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.wire.Wire;
import io.temporal.client.WorkflowStub;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that is interrupted for weeks: each history stays small, and together they are one run. */
@Timeout(300)
class LongRunTest {
  private static final int INTERRUPTIONS = 500;

  /** The server suggests at 4,096; what is under way then still ends. */
  private static final int EVENTS = 4_400;

  private final RunFixture runs = new RunFixture(3_000);

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void five_hundred_interruptions_are_one_story_in_several_short_histories() throws Exception {
    for (int step = 1; step <= INTERRUPTIONS; step++) {
      runs.gpus.nextLeaseIsPreemptedAfterStep(step);
    }
    var run = runs.start(true);
    String first = WorkflowStub.fromTyped(run).getExecution().getRunId();

    var record = runs.result(run);

    assertThat(record.outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(record.execution()).isEqualTo(first);
    var histories = runs.histories(first);
    assertThat(histories).hasSizeGreaterThan(3).allMatch(events -> events <= EVENTS);
    isOneStory(record.leases());
    assertThat(Wire.mapper().writeValueAsBytes(record).length).isLessThan(64 * 1024);
    var status = run.status();
    assertThat(status.preemptions()).isEqualTo(INTERRUPTIONS);
    assertThat(status.phases())
        .extracting(PhaseTime::name)
        .containsOnlyOnce("plan", "train", "deploy");
    assertThat(runs.steps.asked())
        .extracting(AnswerJob::salt)
        .as("the salt of every input hash")
        .containsOnly(first);
  }

  /** Each lease, or fold of leases, goes on where the one before it ended. */
  private static void isOneStory(List<LeaseStory> leases) {
    assertThat(leases.getLast().number()).isEqualTo(INTERRUPTIONS + 1);
    assertThat(leases.getFirst().ended()).isEqualTo("Folded");
    assertThat(leases.getFirst().reason()).startsWith("leases 1 to ").endsWith(" Preempted");
    int step = 0;
    for (LeaseStory lease : leases) {
      assertThat(lease.fromStep()).isEqualTo(step);
      step = lease.toStep();
    }
    assertThat(step).isEqualTo(3_000);
  }
}
