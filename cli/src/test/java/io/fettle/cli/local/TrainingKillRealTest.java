package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.programs.Program;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.wire.Wire;
import io.temporal.failure.CanceledFailure;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The training loop on the real server with real agents and real trainers, and {@code kill -9} for
 * each.
 */
@Tag("real")
@Timeout(1_200)
class TrainingKillRealTest {
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
  void killed_agent_control_worker_and_server_cost_neither_the_lease_nor_the_trainer()
      throws Exception {
    var run = bench.start("links", bench.rows("a"));
    run.awaitCheckpoint();
    var pid = run.trainer(1).pid();

    bench.kill("agent-" + run.host(1));
    bench.kill("control");
    bench.kill("temporal");

    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(run.trainer(1).pid()).isEqualTo(pid);
    assertThat(run.leases()).extracting(LeaseRecord::number).containsExactly(1);
  }

  @Test
  void a_killed_trainer_is_a_crash_and_resumes_from_a_checkpoint() throws Exception {
    var run = bench.start("crash", bench.rows("a"));
    run.awaitCheckpoint();

    run.trainer(1).kill();

    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(run.status().leases())
        .extracting(LeaseStory::ended)
        .containsExactly("TrainerCrashed", "Finished");
    assertThat(run.status().crashes()).isEqualTo(1);
    assertThat(run.status().leases().getLast().fromStep()).isPositive();
  }

  @Test
  void a_notice_ends_the_lease_as_preempted_and_the_next_host_goes_on_from_its_checkpoint()
      throws Exception {
    var run = bench.start("notice", bench.rows("a"));
    run.awaitCheckpoint();
    var first = run.host(1);

    giveNotice(first, Duration.ofSeconds(20));

    assertThat(run.result().step()).isEqualTo(TrainingBench.STEPS);
    var leases = run.status().leases();
    assertThat(leases).extracting(LeaseStory::ended).containsExactly("Preempted", "Finished");
    assertThat(leases.getLast().fromLease()).isEqualTo(1);
    assertThat(leases.getLast().fromStep()).isPositive().isEqualTo(leases.getFirst().toStep());
    assertThat(leases.getLast().host()).isNotEqualTo(first);
    assertThat(run.status().crashes()).isZero();
    assertThat(Waiting.until(Duration.ofSeconds(60), () -> isTerminated(first))).isTrue();

    var changed = bench.start("notice", bench.rows("b"));
    assertThat(changed.result().step()).isEqualTo(TrainingBench.STEPS);
    assertThat(changed.leases().getLast().resumeFrom()).as("changed rows start at step 0").isNull();
    assertThat(changed.leases()).hasSize(3);
  }

  @Test
  void a_cancelled_run_saves_before_it_closes_and_a_terminated_one_leaves_no_trainer()
      throws Exception {
    var cancelled = bench.start("cancelled", bench.rows("a"), 100_000);
    cancelled.awaitCheckpoint();
    cancelled.workflow().cancel();
    assertThatThrownBy(cancelled::result).hasRootCauseInstanceOf(CanceledFailure.class);
    assertThat(cancelled.trainer(1).exit()).get().isInstanceOf(Program.Exit.Returned.class);

    var terminated = bench.start("terminated", bench.rows("a"), 100_000);
    terminated.awaitCheckpoint();
    terminated.workflow().terminate("test");
    bench.must("the trainer's end", () -> terminated.hasExited(1));
    bench.must("a free host", () -> !Files.exists(bench.claimOf(terminated.host(1))));
  }

  private static void giveNotice(String host, Duration window) throws Exception {
    var file = bench.home().pool().resolve(host + ".json");
    var tree = (ObjectNode) Wire.mapper().readTree(Files.readAllBytes(file));
    tree.putObject("notice")
        .put("at", Instant.now().toString())
        .put("windowSeconds", window.toSeconds());
    JsonFile.write(file, tree);
  }

  private static boolean isTerminated(String host) {
    return JsonFile.read(bench.home().pool().resolve(host + ".json"), PoolHost.class)
        .filter(PoolHost::terminated)
        .isPresent();
  }
}
