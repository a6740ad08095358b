package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.serving.Alias;
import io.fettle.workflows.training.Remedy;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.FailureType;
import io.temporal.client.WorkflowFailedException;
import io.temporal.client.WorkflowStub;
import io.temporal.client.WorkflowUpdateException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class FineTuneWorkflowTest {
  private static final PlannedArms EVERY_ARM =
      new PlannedArms(
          List.of("random", "nearest"),
          true,
          true,
          List.of("big", "small"),
          true,
          true,
          List.of("oracle"),
          "",
          List.of());

  private final RunFixture runs = new RunFixture(3_000);

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void a_run_goes_through_every_phase_and_serves_what_it_evaluated() throws IOException {
    var record = runs.finish();

    runs.keepHistory("deployed");
    assertThat(record.outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(record.verdict()).isEqualTo("PASS");
    assertThat(runs.steps.deploys())
        .singleElement()
        .satisfies(deploy -> assertThat(deploy.model()).isEqualTo(FakeGpus.reference("quantized")));
    assertThat(runs.steps.asked())
        .filteredOn(job -> job.part() == Part.TEST)
        .extracting(job -> job.arm())
        .containsExactly(Arm.ZERO_SHOT, Arm.FEW_SHOT, Arm.TUNED, Arm.SERVED);
    assertThat(runs.gpus.holdsNone()).isTrue();
  }

  @Test
  void every_arm_of_the_plan_answers_dev_and_then_test_as_it_did_best() throws IOException {
    runs.steps.arms = EVERY_ARM;
    runs.steps.way = "nearest";

    runs.finish();

    runs.keepHistory("every-arm");
    assertThat(asked())
        .containsExactly(
            "DEV ZERO_SHOT",
            "DEV FEW_SHOT",
            "DEV FEW_SHOT nearest",
            "DEV RAG",
            "DEV CLASSICAL",
            "DEV INCUMBENT",
            "DEV HOSTED big",
            "DEV HOSTED small",
            "DEV ZERO_SHOT oracle",
            "TEST ZERO_SHOT",
            "TEST FEW_SHOT nearest",
            "TEST RAG",
            "TEST CLASSICAL",
            "TEST INCUMBENT",
            "TEST HOSTED big",
            "TEST HOSTED small",
            "REGRESSION ZERO_SHOT",
            "TEST TUNED",
            "TEST SERVED",
            "REGRESSION SERVED");
    assertThat(runs.queuesOf("Answer"))
        .filteredOn(queue -> queue.equals("cpu"))
        .as("arms that need no engine of ours")
        .hasSize(8);
  }

  @Test
  void what_the_endpoint_serves_is_asked_as_the_incumbent_if_it_serves_anything()
      throws IOException {
    runs.steps.arms =
        new PlannedArms(
            List.of(), false, false, List.of(), false, false, List.of(), "triage", List.of());

    runs.finish();
    assertThat(asked()).isNotEmpty().noneMatch(arm -> arm.contains("INCUMBENT"));

    runs.steps.served = Optional.of(new Alias("triage", 1, "old@1", "http://127.0.0.1:1", "m"));
    runs.finish();

    runs.keepHistory("endpoint-as-incumbent");
    assertThat(asked()).contains("DEV INCUMBENT", "TEST INCUMBENT");
  }

  private List<String> asked() {
    return runs.steps.asked().stream()
        .map(
            job ->
                "%s %s%s"
                    .formatted(
                        job.part(), job.arm(), job.variant().isEmpty() ? "" : " " + job.variant()))
        .toList();
  }

  @Test
  void status_names_the_phases_in_order() {
    var run = runs.start();
    runs.result(run);

    assertThat(run.status().phases())
        .extracting(PhaseTime::name)
        .containsExactly(
            "plan",
            "prepare",
            "baselines",
            "train",
            "merge",
            "quantize",
            "evaluate",
            "deploy",
            "record");
  }

  @Test
  void a_run_is_tagged_with_its_dataset_if_its_start_says_that_the_namespace_knows_the_tag()
      throws IOException {
    var run = runs.startTagged();
    runs.result(run);
    runs.keepHistory("tagged");

    assertThat(runs.tags("FettleDataset")).isNotEmpty().containsOnly("\"hash\"");
    assertThat(run.status().dataset()).isEqualTo("hash");
    assertThat(runs.steps.story().dataset()).isEqualTo("hash");
  }

  @Test
  void a_run_of_an_earlier_release_gets_no_tag_that_its_namespace_may_not_know() {
    var run = runs.start();
    runs.result(run);

    assertThat(runs.tags("FettleDataset")).isEmpty();
    assertThat(run.status().dataset()).isEqualTo("hash");
  }

  @Test
  void a_preempted_run_continues_on_another_host_from_its_last_checkpoint() throws IOException {
    runs.gpus.nextLeaseIsPreemptedAfterStep(1_000);

    var record = runs.finish();

    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 1000");
    runs.keepHistory("preempted");
    assertThat(record.leases())
        .extracting(LeaseStory::ended)
        .containsExactly("Preempted", "Finished");
    assertThat(record.leases().getLast().fromLease()).isEqualTo(1);
  }

  @Test
  void a_preemption_spends_none_of_the_users_retries() {
    for (int step = 100; step <= 500; step += 100) {
      runs.gpus.nextLeaseIsPreemptedAfterStep(step);
    }
    var run = runs.start();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(run.status().crashes()).isZero();
    assertThat(run.status().preemptions()).isEqualTo(5);
  }

  @Test
  void a_crash_is_retried_on_the_same_host_from_the_last_checkpoint() {
    runs.gpus.nextLeaseCrashesAtStep(700, 500);

    runs.finish();

    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "a from step 500");
  }

  @Test
  void a_crash_that_never_gets_past_its_step_fails_the_run_after_the_users_retries() {
    for (int lease = 0; lease < 3; lease++) {
      runs.gpus.nextLeaseCrashesAtStep(700, 500 + lease * 10);
    }

    assertThatThrownBy(runs::finish)
        .isInstanceOf(WorkflowFailedException.class)
        .rootCause()
        .hasMessageContaining("the trainer failed 3 times without passing step 700");
    assertThat(runs.gpus.starts()).hasSize(3);
    assertThat(runs.gpus.holdsNone()).isTrue();
  }

  @Test
  void progress_past_the_last_crash_refills_the_retries() {
    for (int lease = 1; lease <= 4; lease++) {
      runs.gpus.nextLeaseCrashesAtStep(lease * 500, lease * 500 + 1);
    }

    assertThat(runs.finish().outcome()).isEqualTo(RunOutcome.DEPLOYED);
  }

  @Test
  void three_leases_without_a_new_checkpoint_park_the_run_until_an_operator_says_go() {
    for (int lease = 0; lease < 3; lease++) {
      runs.gpus.nextLeaseFails(FailureType.UNKNOWN);
    }
    var run = runs.start();
    runs.sleep(Duration.ofMinutes(10));

    assertThat(run.status().waitingFor()).contains("3 leases in a row published no new checkpoint");
    assertThat(run.status().host()).isEmpty();

    run.unpause(new Unpause("ada", "the disk was full"));
    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
  }

  @Test
  void a_staging_that_fails_for_good_parks_the_run_before_any_lease() {
    runs.gpus.stagings.nextFail(3);
    var run = runs.start();
    runs.sleep(Duration.ofMinutes(10));

    assertThat(run.status().waitingFor())
        .contains("staging failed 3 times in a row: StepFailed: no space");
    assertThat(run.status().host()).isEmpty();
    assertThat(runs.gpus.starts()).isEmpty();

    run.unpause(new Unpause("ada", "the disk was full"));
    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
  }

  @Test
  void out_of_memory_is_remedied_without_spending_a_retry() {
    runs.gpus.nextLeaseRunsOutOfMemory();
    runs.gpus.nextLeaseRunsOutOfMemory();

    runs.finish();

    assertThat(runs.gpus.jobs())
        .extracting(TrainingJob::remedy)
        .containsExactly(Remedy.none(), new Remedy(4, false, false), new Remedy(2, false, false));
  }

  @Test
  void bad_data_fails_at_once_and_gives_the_host_back() {
    runs.gpus.nextLeaseFails(FailureType.BAD_DATA);

    assertThatThrownBy(runs::finish).rootCause().hasMessageContaining("as the test says");
    assertThat(runs.gpus.starts()).hasSize(1);
    assertThat(runs.gpus.holdsNone()).isTrue();
  }

  @Test
  void a_gate_that_does_not_pass_promotes_nothing() {
    runs.steps.verdict = Verdict.INCONCLUSIVE;

    var record = runs.finish();

    assertThat(record.outcome()).isEqualTo(RunOutcome.REFUSED);
    assertThat(runs.steps.deploys()).isEmpty();
  }

  @Test
  void advice_against_fine_tuning_ends_the_run_before_test_is_opened() {
    runs.steps.advice = Advice.PROMPT;

    assertThat(runs.finish().outcome()).isEqualTo(RunOutcome.ADVISED_AGAINST);
    assertThat(runs.gpus.starts()).isEmpty();
    assertThat(runs.steps.openedTest()).isFalse();
  }

  @Test
  void advice_alone_trains_nothing_whatever_the_advice() throws IOException {
    runs.steps.advice = Advice.FINE_TUNE;
    var run = runs.startForAdvice();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.ADVISED);
    assertThat(runs.gpus.starts()).isEmpty();
    assertThat(runs.steps.openedTest()).isFalse();
    runs.keepHistory("advice-alone");
  }

  @Test
  void silence_is_no_approval() {
    runs.steps.approval = Optional.of(Duration.ofHours(4));

    assertThat(runs.finish().outcome()).isEqualTo(RunOutcome.NOT_APPROVED);
    assertThat(runs.steps.deploys()).isEmpty();
  }

  @Test
  void an_approved_run_deploys_and_held_no_host_while_it_waited() {
    runs.steps.approval = Optional.of(Duration.ofHours(4));
    var run = runs.start();
    runs.sleep(Duration.ofMinutes(5));
    assertThat(run.status().host()).isEmpty();

    run.decide(new Decision(true, "ada", "looks right"));

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
  }

  @Test
  void a_decision_that_nothing_waits_for_is_refused_and_leaves_no_trace() {
    runs.steps.approval = Optional.of(Duration.ofHours(4));
    var run = runs.start();
    runs.sleep(Duration.ofMinutes(5));

    assertThatThrownBy(() -> run.decide(new Decision(true, " ", "")))
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .hasMessageContaining("a decision needs a name");
    assertThat(run.status().waitingFor()).contains("approval");
  }

  @Test
  void a_cancelled_run_gives_its_host_back() {
    runs.steps.approval = Optional.of(Duration.ofHours(4));
    var run = runs.start();
    runs.sleep(Duration.ofMinutes(5));

    WorkflowStub.fromTyped(run).cancel();

    assertThatThrownBy(() -> runs.result(run)).isInstanceOf(WorkflowFailedException.class);
    assertThat(runs.gpus.holdsNone()).isTrue();
  }
}
