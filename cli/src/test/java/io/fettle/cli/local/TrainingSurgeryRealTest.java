package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.run.Amend;
import io.fettle.workflows.run.Pause;
import io.fettle.workflows.run.TrainWorkflowImpl;
import io.fettle.workflows.run.Unpause;
import io.fettle.workflows.training.Checkpoint;
import io.temporal.api.enums.v1.PendingActivityState;
import io.temporal.failure.ApplicationFailure;
import io.temporal.workflow.WorkflowInterface;
import io.temporal.workflow.WorkflowMethod;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What an operator does to a live train, on the real server with real agents and real trainers. */
@Tag("real")
@Timeout(1_200)
class TrainingSurgeryRealTest {
  /** A pause is heard at the next heartbeat; a quick machine must not have finished by then. */
  private static final int LONG = 5 * TrainingBench.STEPS;

  @TempDir private static Path folder;
  private static TrainingBench bench;

  @BeforeAll
  static void up() throws Exception {
    bench = new TrainingBench(folder);
  }

  @AfterAll
  static void down() throws Exception {
    bench.close();
  }

  @Test
  void a_paused_run_gives_its_host_back_and_goes_on_from_its_checkpoint_on_the_amended_shape()
      throws Exception {
    var run = bench.start("paused", bench.rows("a"));
    run.awaitCheckpoint();

    run.orders().pause(new Pause("ada", "test"));
    bench.must("the pause", () -> run.status().waitingFor().contains("an operator: paused by ada"));
    assertThat(run.hasExited(1)).isTrue();
    assertThat(run.status().host()).isEmpty();
    run.orders().amend(toShape("cpu-1"));
    run.orders().unpause(new Unpause("ada", "test"));
    bench.must("the next lease", () -> run.leases().size() == 2);

    assertThat(bench.shapeOf(run.host(1))).isEqualTo("cpu");
    assertThat(bench.shapeOf(run.host(2))).isEqualTo("cpu-1");
    assertThat(bench.coresOf(run.host(2))).isIn("0", "unknown");
    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    resumedAfterAPause(run);
  }

  private static Amend toShape(String shape) {
    return new Amend(
        "ada",
        "test",
        Optional.empty(),
        Optional.of(shape),
        Optional.empty(),
        Optional.empty(),
        false);
  }

  @Test
  void an_activity_pause_saves_and_stops_and_an_unpause_opens_a_lease_from_there()
      throws Exception {
    var run = bench.start("activity-paused", bench.rows("a"), LONG);
    run.awaitCheckpoint();

    run.train().pause();
    bench.must("the trainer's end", () -> run.hasExited(1));
    bench.must(
        "the pause",
        () -> run.train().state() == PendingActivityState.PENDING_ACTIVITY_STATE_PAUSED);
    assertThat(run.leases()).hasSize(1);
    run.train().unpause();

    assertThat(run.result().step()).isEqualTo(LONG);
    resumedAfterAPause(run);
  }

  private static void resumedAfterAPause(TrainingBench.Run run) {
    var leases = run.status().leases();
    assertThat(leases).extracting(LeaseStory::ended).containsExactly("Paused", "Finished");
    assertThat(leases.getLast().fromStep()).isPositive().isEqualTo(leases.getFirst().toStep());
    assertThat(run.status().crashes()).isZero();
  }

  @Test
  void an_activity_reset_starts_no_second_trainer() throws Exception {
    var run = bench.start("activity-reset", bench.rows("a"));
    run.awaitCheckpoint();
    var pid = run.trainer(1).pid();

    run.train().reset();

    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(run.trainer(1).pid()).isEqualTo(pid);
    assertThat(run.leases()).extracting(LeaseRecord::number).containsExactly(1);
  }

  @Test
  void a_workflow_reset_opens_a_lease_of_its_own_and_the_old_trainer_stops() throws Exception {
    var run = bench.start("workflow-reset", bench.rows("a"));
    run.awaitCheckpoint();

    run.train().resetTheWorkflow();

    assertThat(run.lastResult().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(run.hasExited(1)).isTrue();
    assertThat(run.leases()).hasSizeGreaterThan(1);
    assertThat(run.leases().getLast().resumeFrom()).isNotNull();
  }

  @Test
  void an_upgrade_of_a_cluster_leaves_a_live_run_to_the_build_that_began_it() throws Exception {
    try (var builds = bench.builds()) {
      builds.roll("one", TrainWorkflowImpl.class);
      var live = bench.start("live", bench.rows("a"), TrainingBench.STEPS, Builds.QUEUE);
      live.awaitCheckpoint();

      builds.roll("two", RefusesToTrain.class);
      live.trainer(1).kill();

      assertThat(live.result().step()).isEqualTo(TrainingBench.STEPS);
      assertThat(live.status().leases())
          .extracting(LeaseStory::ended)
          .containsExactly("TrainerCrashed", "Finished");
      assertThat(builds.of(live.workflow().getExecution())).isEqualTo("one");
      var begun = bench.start("begun", bench.rows("a"), TrainingBench.STEPS, Builds.QUEUE);
      assertThatThrownBy(begun::result).rootCause().hasMessageContaining("build two");
    }
  }

  /** Another build's answer to every event of a train. */
  @WorkflowInterface
  public interface AnotherBuild {
    @WorkflowMethod(name = "TrainWorkflow")
    Checkpoint run(Map<String, Object> request);
  }

  /** Its implementation. */
  public static final class RefusesToTrain implements AnotherBuild {
    @Override
    public Checkpoint run(Map<String, Object> request) {
      throw ApplicationFailure.newFailure("build two does not train", "Refused");
    }
  }
}
