package io.fettle.workflows.run;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.tuple;

import io.fettle.workflows.evaluation.Verdict;
import io.fettle.workflows.lineage.AuditEntry;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunOutcome;
import io.fettle.workflows.plan.PoolShapes;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.spec.Market;
import io.fettle.workflows.training.OpenLease;
import io.fettle.workflows.training.TakeOver;
import io.fettle.workflows.training.TrainingJob;
import io.temporal.client.WorkflowUpdateException;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.assertj.core.api.AbstractStringAssert;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An operator's hand in a live run. */
@Timeout(60)
class SurgeryTest {
  private static final Pause PAUSE = new Pause("ada", "the node is to be patched");

  private final RunFixture runs = new RunFixture(3_000);

  @AfterEach
  void stop() {
    runs.close();
  }

  @Test
  void a_paused_train_saves_gives_its_host_back_and_goes_on_from_there_once_it_may()
      throws IOException {
    var run = paused();

    assertThat(run.status().host()).isEmpty();
    assertThat(runs.gpus.holdsNone()).isTrue();
    run.unpause(new Unpause("bob", "patched"));
    var record = runs.result(run);

    runs.keepHistory("paused");
    assertThat(runs.gpus.starts()).containsExactly("a from step 0", "b from step 900");
    assertThat(record.leases()).extracting(LeaseStory::ended).containsExactly("Paused", "Finished");
    assertThat(run.status().crashes()).isZero();
    assertThat(run.status().preemptions()).isZero();
    assertThat(run.status().audit())
        .extracting(AuditEntry::action, AuditEntry::by, AuditEntry::reason)
        .containsExactly(
            tuple("pause", "ada", "the node is to be patched"), tuple("unpause", "bob", "patched"));
    assertThat(runs.steps.story().audit()).isEqualTo(run.status().audit());
  }

  @Test
  void a_second_pause_is_refused_and_so_is_one_without_a_reason() {
    var run = paused();

    refused(() -> run.pause(PAUSE)).contains("paused already", "ada");
    run.unpause(new Unpause("bob", "patched"));
    runs.result(run);
    var parked = new RunFixture(3_000);
    try (parked) {
      parked.steps.approval = Optional.of(Duration.ofHours(4));
      var other = parked.start();
      parked.until(() -> other.status().waitingFor().contains("approval"));
      refused(() -> other.pause(new Pause("ada", " "))).contains("give --reason");
    }
  }

  @Test
  void a_pause_while_a_person_decides_takes_effect_before_the_deploy() {
    runs.steps.approval = Optional.of(Duration.ofHours(4));
    var run = runs.start();
    runs.until(() -> run.status().waitingFor().contains("approval"));

    run.pause(PAUSE);
    run.decide(new Decision(true, "bob", "looks right"));
    runs.until(() -> run.status().waitingFor().contains("an operator: paused by ada"));

    assertThat(runs.steps.deploys()).isEmpty();
    run.unpause(new Unpause("ada", "done"));
    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(run.status().audit())
        .extracting(AuditEntry::action)
        .containsExactly("pause", "approve", "unpause");
  }

  @Test
  void a_pause_counts_while_the_run_waits_for_a_host() {
    runs.gpus.full = true;
    var run = runs.start();
    runs.until(() -> run.status().waitingFor().contains("every host is taken"));

    run.pause(PAUSE);
    runs.until(() -> run.status().waitingFor().contains("an operator: paused by ada"));
    int asked = runs.gpus.asked().size();
    runs.gpus.full = false;
    run.unpause(new Unpause("ada", "go"));

    assertThat(runs.result(run).outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(runs.gpus.asked()).hasSize(asked + 1);
  }

  @Test
  void an_amended_pool_and_interval_count_from_the_next_lease_on() {
    runs.steps.pools = List.of("local", "spare");
    var run = paused();

    var amended =
        run.amend(change(Optional.of("spare"), Optional.of(Duration.ofMinutes(2)), false));
    run.unpause(new Unpause("ada", "go"));
    runs.result(run);

    assertThat(amended.entries())
        .extracting(AuditEntry::before, AuditEntry::after)
        .containsExactly(tuple("local, spare", "spare"), tuple("as planned", "PT2M"));
    assertThat(runs.gpus.asked().getFirst()).isEqualTo("local,spare");
    assertThat(runs.gpus.asked().getLast()).isEqualTo("spare");
    assertThat(runs.gpus.jobs())
        .extracting(TrainingJob::checkpointInterval)
        .containsExactly(Optional.empty(), Optional.of(Duration.ofMinutes(2)));
  }

  @Test
  void an_amended_shape_is_asked_for_with_the_next_host() {
    var run = paused();

    var amended = run.amend(toShape("cpu-2"));
    refused(() -> run.amend(toShape("cpu-2"))).contains("asks for shape cpu-2 already");
    run.unpause(new Unpause("ada", "go"));
    runs.result(run);

    assertThat(amended.entries())
        .extracting(AuditEntry::action, AuditEntry::before, AuditEntry::after)
        .containsExactly(tuple("amend shape", "cpu", "cpu-2"));
    assertThat(runs.gpus.shapes()).startsWith("cpu").endsWith("cpu-2");
  }

  private static Amend toShape(String shape) {
    return new Amend(
        "ada",
        "hurry",
        Optional.empty(),
        Optional.of(shape),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Test
  void a_run_moves_to_machines_of_other_pools_on_which_its_plan_works_and_to_no_others() {
    runs.steps.others =
        List.of(
            new PoolShapes("aws", List.of("cpu-8")),
            new PoolShapes("gcp", List.of()),
            new PoolShapes("local", List.of("cpu")));
    var run = paused();

    refused(() -> run.amend(toShape("a10g-24gb-x1")))
        .contains("on shape a10g-24gb-x1 of the pools local this plan does not work")
        .contains("it does on aws: cpu-8; local: cpu: give --pool and --shape");
    refused(() -> run.amend(to("gcp", "cpu-8"))).contains("of the pools gcp this plan does not");
    refused(() -> run.amend(to("moon", "cpu-8")))
        .contains("pool moon is unknown; known: aws, gcp, local");
    refused(() -> run.amend(change(Optional.of("aws"), Optional.empty(), false)))
        .contains("on shape cpu of the pools aws this plan does not work");
    run.amend(to("aws", "cpu-8"));
    run.unpause(new Unpause("ada", "go"));
    runs.result(run);

    assertThat(runs.gpus.shapes()).startsWith("cpu").endsWith("cpu-8");
    assertThat(runs.gpus.asked().getLast()).isEqualTo("aws");
  }

  private static Amend to(String pool, String shape) {
    return new Amend(
        "ada",
        "hurry",
        Optional.of(pool),
        Optional.of(shape),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Test
  void what_nothing_would_honour_is_refused_with_every_reason_at_once() {
    var run = paused();
    var impossible =
        new Amend(
            "ada",
            "hurry",
            Optional.of("moon"),
            Optional.of("h900"),
            Optional.of(Duration.ofHours(6)),
            Optional.of(Duration.ZERO),
            false);

    refused(() -> run.amend(impossible))
        .contains("pool moon is unknown; known: local")
        .contains("shape h900 is unknown")
        .contains("nothing there works towards a deadline")
        .contains("is not between 1s and 24h");
    refused(() -> run.amend(change(Optional.of("local"), Optional.empty(), false)))
        .contains("and no other, already");
    refused(() -> run.amend(change(Optional.empty(), Optional.empty(), false)))
        .contains("nothing is to be amended");
    assertThat(run.status().audit()).extracting(AuditEntry::action).containsExactly("pause");
    run.unpause(new Unpause("ada", "go"));
    runs.result(run);
  }

  @Test
  void an_amended_deadline_and_budget_are_in_the_terms_of_the_next_host() {
    runs.steps.terms = spot(Optional.of(Duration.ofHours(2)), Optional.empty());
    var run = paused();

    var amended = run.amend(terms(Duration.ofHours(9), 12.5));
    refused(() -> run.amend(terms(Duration.ofHours(9), 12.5)))
        .contains("the deadline is PT9H already", "the budget is 12.5 dollars already");
    refused(() -> run.amend(terms(Duration.ZERO, -1)))
        .contains("a deadline of PT0S has passed", "a budget of -1.0 dollars is none");
    run.unpause(new Unpause("ada", "go"));
    runs.result(run);

    assertThat(amended.entries())
        .extracting(AuditEntry::action, AuditEntry::before, AuditEntry::after)
        .containsExactly(
            tuple("amend deadline", "PT2H", "PT9H"), tuple("amend budget", "none", "12.5"));
    assertThat(runs.gpus.choices().getFirst().terms()).isEqualTo(runs.steps.terms);
    assertThat(runs.gpus.choices().getLast().terms())
        .isEqualTo(spot(Optional.of(Duration.ofHours(9)), Optional.of(12.5)));
  }

  @Test
  void an_amended_budget_is_kept_outside_the_run_before_the_order_is_answered() {
    runs.steps.terms = spot(Optional.empty(), Optional.of(10.0));
    var run = paused();

    run.amend(terms(Duration.ofHours(9), 12.5));
    assertThat(runs.gpus.kept())
        .containsExactly(spot(Optional.of(Duration.ofHours(9)), Optional.of(12.5)));
    run.amend(terms(Duration.ofHours(10), 30));
    assertThat(runs.gpus.kept()).extracting(CapacityTerms::dollars).endsWith(Optional.of(30.0));
    run.unpause(new Unpause("ada", "go"));

    runs.result(run);
  }

  private static CapacityTerms spot(Optional<Duration> deadline, Optional<Double> dollars) {
    var none = CapacityTerms.NONE;
    return new CapacityTerms(
        Market.SPOT,
        3,
        deadline,
        dollars,
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        Optional.empty(),
        none.lease(),
        none.stop());
  }

  private static Amend terms(Duration deadline, double dollars) {
    return new Amend(
        "ada",
        "hurry",
        Optional.empty(),
        Optional.empty(),
        Optional.of(deadline),
        Optional.empty(),
        false,
        Optional.of(dollars));
  }

  @Test
  void a_skipped_gate_lets_a_refused_candidate_through_and_says_by_whom() {
    runs.steps.verdict = Verdict.FAIL;
    var run = paused();
    run.amend(change(Optional.empty(), Optional.empty(), true));
    refused(() -> run.amend(change(Optional.empty(), Optional.empty(), true)))
        .contains("skipped already");
    run.unpause(new Unpause("ada", "go"));

    var record = runs.result(run);

    assertThat(record.outcome()).isEqualTo(RunOutcome.DEPLOYED);
    assertThat(record.verdict()).isEqualTo("FAIL");
    assertThat(record.why()).contains("the gate was skipped by ada: hurry");
  }

  /** A run whose first lease was paused at step 900. */
  private FineTuneWorkflow paused() {
    runs.gpus.nextLeaseTrainsUntilItIsStopped(900);
    var run = runs.start();
    runs.until(() -> runs.gpus.starts().size() == 1);
    run.pause(PAUSE);
    runs.until(() -> run.status().waitingFor().contains("an operator: paused by ada"));
    return run;
  }

  private static Amend change(
      Optional<String> pool, Optional<Duration> checkpointInterval, boolean skipGate) {
    return new Amend(
        "ada", "hurry", pool, Optional.empty(), Optional.empty(), checkpointInterval, skipGate);
  }

  private static AbstractStringAssert<?> refused(ThrowingCallable order) {
    return assertThatThrownBy(order)
        .isInstanceOf(WorkflowUpdateException.class)
        .rootCause()
        .message();
  }

  @Test
  void a_take_over_is_written_down_and_counts_for_the_first_lease_alone() {
    var by = new TakeOver("ada", "their server is gone");
    runs.gpus.nextLeaseIsPreemptedAfterStep(1_000);

    var run = runs.startTakingOver(by);
    runs.result(run);

    assertThat(runs.gpus.opened())
        .extracting(OpenLease::takenOverBy)
        .containsExactly(Optional.of(by), Optional.empty());
    assertThat(run.status().audit())
        .extracting(entry -> entry.action() + " by " + entry.by() + ": " + entry.reason())
        .contains("take-over by ada: their server is gone");
  }
}
