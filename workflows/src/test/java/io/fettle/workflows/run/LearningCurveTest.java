package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.workflows.evaluation.Advice;
import io.fettle.workflows.evaluation.Arm;
import io.fettle.workflows.evaluation.CurvePoint;
import io.fettle.workflows.evaluation.Part;
import io.fettle.workflows.lineage.PhaseTime;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.lineage.RunStory.Document;
import io.fettle.workflows.plan.PlannedArms;
import io.fettle.workflows.training.HostNotice;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.TrainingJob;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** A run that trains on a quarter and on half of the rows before it trains on all. */
@Timeout(60)
class LearningCurveTest {
  private static final String RUN = "triage-0123abcd";

  private final RunFixture runs = new RunFixture(3_000);

  @BeforeEach
  void aCurveIsAsked() {
    runs.steps.arms =
        new PlannedArms(
            List.of(), false, false, List.of(), false, false, List.of(), "", List.of(25, 50));
  }

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void each_part_is_trained_on_in_a_ledger_of_its_own_and_then_all() throws IOException {
    var run = runs.start();

    var record = runs.result(run);

    runs.keepHistory("learning-curve");
    assertThat(record.outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(runs.gpus.opened())
        .extracting(OpenLease::run)
        .containsExactly(RUN + ".curve-25", RUN + ".curve-50", RUN);
    assertThat(runs.gpus.jobs())
        .extracting(TrainingJob::dataset)
        .containsExactly(
            FakeGpus.reference("data25"), FakeGpus.reference("data50"), FakeGpus.reference("data"));
    assertThat(run.status().phases())
        .extracting(PhaseTime::name)
        .startsWith("plan", "prepare", "baselines", "curve", "train", "merge");
    assertThat(record.leases()).as("the run's own story").hasSize(1);
  }

  @Test
  void the_advice_hears_two_points_and_the_report_a_third_of_the_run_itself() {
    runs.finish();

    assertThat(runs.steps.scored())
        .extracting(job -> job.curve().stream().map(CurvePoint::rows).toList())
        .containsExactly(List.of(), List.of(20, 40), List.of(20, 40, 80));
    assertThat(runs.steps.asked())
        .filteredOn(job -> job.part() == Part.DEV && job.arm() == Arm.TUNED)
        .extracting(job -> job.variant())
        .containsExactly("25%", "50%", "100%");
    assertThat(runs.steps.story().documents())
        .contains(
            new Document("baselines", FakeGpus.reference("baselines2")),
            new Document("curve", FakeGpus.reference("baselines3")));
  }

  @Test
  void a_flat_curve_may_end_the_run_before_it_trains_on_all() {
    runs.steps.adviceByCurve = java.util.Optional.of(Advice.PROMPT);

    assertThat(runs.finish().outcome()).isEqualTo(RunOutcome.ADVISED_AGAINST);

    assertThat(runs.gpus.starts()).hasSize(2);
    assertThat(runs.steps.openedTest()).isFalse();
  }

  @Test
  void nothing_is_trained_where_prompting_has_decided_already() {
    runs.steps.advice = Advice.PROMPT;

    assertThat(runs.finish().outcome()).isEqualTo(RunOutcome.ADVISED_AGAINST);

    assertThat(runs.gpus.starts()).isEmpty();
  }

  @Test
  void advice_alone_trains_the_parts_and_no_more() {
    assertThat(runs.result(runs.startForAdvice()).outcome()).isEqualTo(RunOutcome.ADVISED);

    assertThat(runs.gpus.opened())
        .extracting(OpenLease::run)
        .containsExactly(RUN + ".curve-25", RUN + ".curve-50");
  }

  @Test
  void too_few_rows_make_no_curve_and_the_run_goes_on() {
    runs.steps.tooFewForACurve = true;
    var run = runs.start();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);

    assertThat(run.status().phases())
        .filteredOn(phase -> phase.name().equals("curve"))
        .extracting(PhaseTime::note)
        .containsExactly("no curve: 9 rows teach nothing");

    assertThat(runs.gpus.starts()).hasSize(1);
    assertThat(runs.steps.scored()).hasSize(1);
  }

  @Test
  void a_part_that_fails_makes_no_curve_and_the_run_goes_on_with_the_prompted_advice() {
    runs.steps.unanswered = "50%";
    runs.steps.adviceByCurve = java.util.Optional.of(Advice.PROMPT);
    var run = runs.start();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);

    assertThat(note(run, "curve")).isEqualTo("no curve: nobody can ask it");
    assertThat(note(run, "evaluate")).doesNotContain("curve");
    assertThat(runs.steps.scored()).hasSize(1);
    assertThat(runs.gpus.starts()).as("each part once").hasSize(3);
  }

  @Test
  void a_part_that_fails_for_good_leaves_no_host_idle_beside_the_run() throws IOException {
    runs.gpus.nextLeaseDivergesWithinItsNotice();
    var run = runs.start();
    runs.until(() -> runs.gpus.starts().size() == 1);
    run.noticed(new HostNotice("a", "told to leave", Duration.ofSeconds(30)));
    runs.until(() -> runs.gpus.stagings.hosts().contains("b"));
    runs.gpus.theNoticeRunsOut();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);

    runs.keepHistory("curve-diverged");
    assertThat(note(run, "curve")).isEqualTo("no curve: the loss is nan");
    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 0");
    assertThat(runs.gpus.released()).containsExactly("a", "b");
  }

  @Test
  void a_part_that_would_wait_for_an_operator_is_given_up() {
    for (int lease = 0; lease < 4; lease++) {
      runs.gpus.nextLeaseIsPreemptedAfterStep(0);
    }
    var run = runs.start();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);

    assertThat(note(run, "curve")).startsWith("no curve: 3 leases in a row");
  }

  @Test
  void the_last_point_takes_no_verdict_with_it() {
    runs.steps.unanswered = "100%";
    var run = runs.start();

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);

    assertThat(note(run, "evaluate"))
        .isEqualTo("PASS: 0.90 - 0.20; the curve lacks its last point: nobody can ask it");
    assertThat(runs.steps.story().documents())
        .extracting(Document::name)
        .contains("evaluation")
        .doesNotContain("curve");
  }

  private static String note(FineTuneWorkflow run, String phase) {
    return run.status().phases().stream()
        .filter(each -> each.name().equals(phase))
        .map(PhaseTime::note)
        .findFirst()
        .orElseThrow();
  }

  @Test
  void a_preempted_part_goes_on_from_its_own_checkpoint_and_the_run_from_none() {
    runs.gpus.nextLeaseIsPreemptedAfterStep(1_000);

    var record = runs.finish();

    assertThat(runs.gpus.starts())
        .containsExactly("a from step 0", "b from step 1000", "b from step 0", "b from step 0");
    assertThat(record.leases()).hasSize(1);
  }

  @Test
  void a_paused_part_waits_for_its_operator() {
    runs.gpus.nextLeaseTrainsUntilItIsStopped(500);
    var run = runs.start();
    runs.until(() -> runs.gpus.starts().size() == 1);
    run.pause(new Pause("ada", "the rack is moved"));
    runs.until(() -> run.status().waitingFor().contains("ada"));
    runs.sleep(Duration.ofMinutes(5));
    assertThat(runs.gpus.holdsNone()).isTrue();

    run.unpause(new Unpause("ada", "it stands"));

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(runs.gpus.starts()).hasSize(4).contains("b from step 500");
  }
}
