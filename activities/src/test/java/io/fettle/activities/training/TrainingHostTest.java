package io.fettle.activities.training;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fettle.activities.training.Contact.Reply;
import io.fettle.activities.training.Outcome.Kind;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.ProbeAnswer;
import io.fettle.workflows.training.ProbeAnswer.State;
import io.fettle.workflows.training.ProbeRequest;
import io.fettle.workflows.training.StopRequest;
import io.fettle.workflows.wire.FailureType;
import io.temporal.failure.ApplicationFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** One host, one store in a folder, and processes that keep the trainer's contract. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class TrainingHostTest {
  @TempDir Path directory;
  private final FakeServer server = new FakeServer();
  private Bench bench;
  private TrainingHost host;

  @BeforeEach
  void prepare() throws Exception {
    bench = new Bench(directory, server);
    host = bench.host();
  }

  @AfterEach
  void end() throws Exception {
    host.close();
    bench.killTrainers();
  }

  @Test
  void a_finished_train_is_published_recorded_and_delivered() throws Exception {
    var lease = bench.open("activity-1");

    bench.train(host, lease, bench.steps(6));

    var checkpoint = finished();
    assertThat(checkpoint.step()).isEqualTo(6);
    assertThat(bench.adapterOf(checkpoint)).isEqualTo("weights of step 6, from None");
    assertThat(bench.recorded()).contains(checkpoint);
    assertThat(server.beats()).anySatisfy(beat -> assertThat(beat.maxSteps()).isEqualTo(6));
  }

  @Test
  void early_stopping_chooses_the_best_checkpoint_instead_of_the_last() throws Exception {
    bench.train(
        host,
        bench.open("a"),
        bench.steps(6).put("best_at", 4).set("early_stopping", bench.object()));

    assertThat(finished().step()).isEqualTo(4);
  }

  @Test
  void a_crash_is_reported_with_its_last_checkpoint_and_the_next_lease_goes_on_from_there()
      throws Exception {
    var config = bench.misbehaving(bench.steps(6), 5, "crash");
    bench.train(host, bench.open("a"), config);

    var crash = failed();
    assertThat(crash.type()).isEqualTo(FailureType.TRAINER_CRASHED);
    assertThat(crash.exit().reason()).contains("killed by signal 9");
    assertThat(crash.exit().checkpointStep()).isEqualTo(4);
    assertThat(crash.exit().lastStep()).isEqualTo(5);
    var second = bench.open("b");
    assertThat(second.resumeStep()).isEqualTo(4);
    bench.train(host, second, bench.steps(6));
    assertThat(bench.adapterOf(finishedAfter(crash))).isEqualTo("weights of step 6, from 4");
  }

  @Test
  void what_each_trainer_said_is_in_the_store_even_after_a_crash() throws Exception {
    bench.train(host, bench.open("a"), bench.misbehaving(bench.steps(6), 5, "crash"));

    failed();

    assertThat(bench.storedEvents(1))
        .contains("\"event\":\"started\"")
        .contains("\"event\":\"step\",")
        .contains("\"step\":5")
        .doesNotContain("\"event\":\"alive\"");
  }

  @Test
  void old_checkpoints_go_while_it_trains_and_the_best_and_the_last_stay() throws Exception {
    var config = bench.steps(40).put("seconds", 0.1).put("best_at", 4);
    config.set("early_stopping", bench.object());
    config.putObject("checkpoint").put("keep_last", 2).put("keep_every", 10);

    bench.train(host, bench.open("a"), config);

    assertThat(finished().step()).isEqualTo(4);
    var steps = bench.checkpoints().stream().map(Checkpoints.Row::step).toList();
    assertThat(steps).contains(4L, 40L);
    assertThat(steps).filteredOn(step -> step < 10).containsExactly(4L);
    // what the last pass before the end had no time for stays
    assertThat(steps).filteredOn(step -> step >= 10 && step < 30).contains(10L, 20L);
    assertThat(steps).hasSizeLessThan(15);
    assertThat(bench.checkpoints().getLast().uploadSeconds()).isNotNull();
    await(() -> bench.checkpoints().stream().filter(row -> row.step() >= 30).count() <= 3);
    assertThat(bench.trainerConfig(1).path("checkpoint").isEmpty()).isTrue();
  }

  @Test
  void exit_codes_are_told_apart() throws Exception {
    bench.train(host, bench.open("a"), bench.exiting(64));
    assertThat(failed().type()).isEqualTo(FailureType.BAD_CONFIG);
    assertThat(failed().exit().reason()).isEqualTo("the reason of 64");

    bench.train(host, bench.open("b"), bench.exiting(71));
    await(() -> failed().type() == FailureType.OUT_OF_MEMORY);
  }

  @Test
  void a_restarted_agent_adopts_the_running_trainer_and_completes_with_the_token_on_disk()
      throws Exception {
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(12));
    await(() -> bench.trainer(lease).isPresent());
    var pid = bench.trainer(lease).orElseThrow().pid();
    host.close();

    host = bench.host();
    host.adopt();

    assertThat(finished().step()).isEqualTo(12);
    assertThat(bench.trainer(lease).orElseThrow().pid()).isEqualTo(pid);
  }

  @Test
  void a_server_that_is_away_costs_nothing() throws Exception {
    server.answers(Reply.UNREACHABLE);
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(6));
    await(() -> bench.folder(lease).outcome().isPresent());
    assertThat(server.delivered()).isEmpty();

    server.answers(Reply.ACCEPTED);

    assertThat(finished().step()).isEqualTo(6);
  }

  @Test
  void a_dead_token_detaches_and_the_next_one_is_answered_by_the_same_trainer() throws Exception {
    server.forgets("token-1");
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(8));
    await(() -> bench.trainer(lease).isPresent());
    var pid = bench.trainer(lease).orElseThrow().pid();

    host.ensure(bench.assignment(lease, bench.steps(8)), Bench.bytes("token-2"));

    assertThat(finished().step()).isEqualTo(8);
    assertThat(bench.trainer(lease).orElseThrow().pid()).isEqualTo(pid);
  }

  @Test
  void a_cancel_saves_publishes_and_stops() throws Exception {
    var lease = longTrain();

    server.answers(Reply.CANCELLED);

    await(() -> server.delivered().isPresent());
    assertThat(server.delivered().orElseThrow().kind()).isEqualTo(Kind.CANCELLED);
    assertThat(bench.trainer(lease).orElseThrow().alive()).isFalse();
    assertThat(bench.open("b").resumeStep())
        .isEqualTo(server.delivered().orElseThrow().exit().checkpointStep());
  }

  @Test
  void a_closed_workflow_stops_the_trainer_once_its_token_is_dead() throws Exception {
    var lease = longTrain();
    server.closesTheWorkflow();
    server.forgets("token-1");

    await(() -> bench.folder(lease).isClosed());
    assertThat(bench.trainer(lease).orElseThrow().alive()).isFalse();
    assertThat(server.delivered()).isEmpty();
  }

  @Test
  void an_end_that_nobody_can_be_told_frees_the_host_once_another_lease_has_opened()
      throws Exception {
    var lease = longTrain();
    server.forgets("token-1");

    bench.open("b");

    await(() -> bench.folder(lease).isClosed());
    assertThat(bench.trainer(lease).orElseThrow().alive()).isFalse();
    await(() -> host.running().isEmpty()); // told only after what is large has gone
  }

  @Test
  void an_end_that_nobody_can_be_told_frees_the_host_once_the_run_has_given_it_back()
      throws Exception {
    var lease = longTrain();
    server.forgets("token-1");

    host.giveBack(bench.assignment(lease, bench.steps(1)).run(), "the run gave the host back");

    await(() -> bench.folder(lease).isClosed());
    await(() -> host.running().isEmpty()); // told only after what is large has gone
  }

  @Test
  void a_train_of_a_ledger_beside_the_runs_own_is_the_runs_too() throws Exception {
    var own = bench.assignment(bench.open("a"), bench.steps(1));
    var beside = new Assignment(own.job(), own.namespace(), "triage", own.workflowRun());

    assertThat(beside.isOf("triage")).isTrue();
    assertThat(beside.isOf("triage-2")).isFalse();
    assertThat(new TrainingHost.Running("triage.curve-25", "triage", "1", 1).isOf("triage"))
        .isTrue();
  }

  @Test
  void a_pause_by_the_server_saves_and_is_answered_alike_to_the_attempt_after_it()
      throws Exception {
    var lease = longTrain();
    server.answers(Reply.PAUSED);
    assertThat(failed().type()).isEqualTo(FailureType.PAUSED);
    assertThat(failed().exit().checkpointStep()).isEqualTo(failed().exit().lastStep());
    await(() -> bench.folder(lease).isClosed());
    var paused = failed();
    server.answers(Reply.ACCEPTED);
    server.forgets("token-1");

    host.ensure(bench.assignment(lease, bench.steps(100_000)), Bench.bytes("token-2"));

    await(() -> server.deliveries() == 2);
    assertThat(failed()).isEqualTo(paused);
    assertThat(bench.trainer(lease).orElseThrow().alive()).isFalse();
  }

  @Test
  void a_reset_workflow_that_asks_for_a_closed_ones_train_is_sent_to_the_next_lease()
      throws Exception {
    var lease = longTrain();
    server.closesTheWorkflow();
    server.forgets("token-1");
    await(() -> bench.folder(lease).isClosed());

    host.ensure(bench.assignment(lease, bench.steps(100_000)), Bench.bytes("token-2"));

    assertThat(failed().type()).isEqualTo(FailureType.PREEMPTED);
  }

  @Test
  void a_notice_publishes_a_last_checkpoint_and_ends_as_preempted() throws Exception {
    longTrain();

    host.leave("the test", Duration.ofSeconds(20));

    assertThat(failed().type()).isEqualTo(FailureType.PREEMPTED);
    var next = bench.open("b");
    assertThat(next.resumeStep())
        .isEqualTo(failed().exit().checkpointStep())
        .isEqualTo(failed().exit().lastStep());
    assertThatThrownBy(() -> bench.train(host, next, bench.steps(6)))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("was told to leave");
  }

  @Test
  void a_newer_lease_in_the_ledger_stops_a_stale_trainer() throws Exception {
    longTrain();

    bench.open("b");

    assertThat(failed().type()).isEqualTo(FailureType.SUPERSEDED);
  }

  @Test
  void a_silent_phase_is_stalled_with_a_stack_dump() throws Exception {
    bench.train(host, bench.open("a"), bench.misbehaving(bench.steps(9), 3, "hang"));

    assertThat(failed().type()).isEqualTo(FailureType.STALLED);
    assertThat(failed().exit().reason()).startsWith("phase step was silent for");
    assertThat(bench.logOf(failed())).contains("stack of the fake");
  }

  @Test
  void a_trainer_that_waits_for_its_rows_is_not_stalled_however_long() throws Exception {
    var config = bench.misbehaving(bench.steps(4), 2, "wait");
    config.withObject("/script").put("seconds", 3.0 * Bench.SILENCE.toMillis() / 1_000);
    bench.train(host, bench.open("a"), config);

    assertThat(finished().step()).isEqualTo(4);
  }

  @Test
  void a_shard_that_nobody_can_bring_ends_the_train_with_its_sentence_and_its_checkpoint()
      throws Exception {
    bench.train(host, bench.open("a"), bench.misbehaving(bench.steps(9), 3, "want"));

    assertThat(failed().type()).isEqualTo(FailureType.STEP_FAILED);
    assertThat(failed().exit().reason()).contains("00007.jsonl").contains("does not have");
    assertThat(failed().exit().checkpointStep()).isEqualTo(3);
  }

  @Test
  void the_probe_tells_running_exited_and_never_heard_of() throws Exception {
    var lease = longTrain();
    assertThat(probe(1).state()).isEqualTo(State.RUNNING);
    assertThat(probe(7).state()).isEqualTo(State.GONE);

    host.control().stop(new StopRequest(Bench.RUN, 1, "test"));

    assertThat(failed().type()).isEqualTo(FailureType.PREEMPTED);
    assertThat(bench.trainer(lease).orElseThrow().alive()).isFalse();
    assertThat(probe(1).state()).isEqualTo(State.EXITED);
  }

  @Test
  void an_unclaimed_host_trains_nothing() throws Exception {
    var lease = bench.open("a");
    bench.unclaim();

    assertThatThrownBy(() -> bench.train(host, lease, bench.steps(6)))
        .isInstanceOf(ApplicationFailure.class)
        .hasMessageContaining("is not claimed by run");
  }

  @Test
  void what_is_large_goes_once_the_outcome_is_delivered() throws Exception {
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(6));
    var folder = bench.folder(lease);
    await(() -> folder.isClosed() && Files.notExists(folder.checkpoints()));

    assertThat(folder.events()).exists();
  }

  private Lease longTrain() throws Exception {
    var lease = bench.open("a");
    bench.train(host, lease, bench.steps(100_000));
    await(() -> server.beats().stream().anyMatch(beat -> beat.checkpointStep() >= 4));
    return lease;
  }

  private ProbeAnswer probe(int lease) {
    return host.control().probe(new ProbeRequest(Bench.RUN, lease));
  }

  private Checkpoint finished() throws Exception {
    await(() -> server.delivered().isPresent());
    assertThat(server.delivered().orElseThrow().kind())
        .as("%s", server.delivered())
        .isEqualTo(Kind.FINISHED);
    return server.delivered().orElseThrow().checkpoint().orElseThrow();
  }

  private Checkpoint finishedAfter(Outcome earlier) throws Exception {
    await(() -> server.delivered().filter(outcome -> !outcome.equals(earlier)).isPresent());
    return finished();
  }

  private Outcome failed() throws Exception {
    await(() -> server.delivered().isPresent());
    assertThat(server.delivered().orElseThrow().kind())
        .as("%s", server.delivered())
        .isEqualTo(Kind.FAILED);
    return server.delivered().orElseThrow();
  }

  private interface Condition {
    boolean holds() throws Exception;
  }

  private static void await(Condition condition) throws Exception {
    while (!condition.holds()) {
      Thread.sleep(20);
    }
  }
}
