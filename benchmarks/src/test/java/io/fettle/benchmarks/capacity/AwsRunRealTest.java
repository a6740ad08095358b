package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.ObjectStore;
import io.fettle.benchmarks.OwnHome;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunRecord;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * The tiny example on EC2: launched, joined, told to leave, lost, launched again, given back. The
 * instances are processes of this machine, begun by the launch template's user data.
 */
@Tag("real")
@Tag("alone")
@Timeout(1_200)
class AwsRunRealTest {
  private static final Duration WINDOW = Duration.ofSeconds(60);

  private static final List<String> SPEC =
      List.of(
          "train.max_steps=800",
          "capacity={pools: [aws], shape: cpu, market: spot, budget_dollars: 50}");

  @TempDir private static Path folder;

  @Test
  void a_run_on_spot_outlives_its_host_and_leaves_none_behind() throws Exception {
    var model = TinyRun.model(folder);
    try (var ec2 = Moto.running(folder.resolve("machines"));
        var home = new OwnHome(folder.resolve("home"), RunningEc2.signedIn())) {
      var pools = ec2.describe(home.cluster().home().path());
      try (var connection = home.cluster().ensureUp();
          var store = home.cluster().store().open()) {
        ec2.boot(
            Map.of(
                "FETTLE_STORE", store.root().toString(),
                "FETTLE_TEMPORAL_ADDRESS", connection.options().address()));
        var run =
            new Submission(connection.client(), home.cluster().store())
                .start(TinyRun.spec(model, pools, "aws", SPEC), false);
        var first = trainingHost(ec2, store, run, 1);
        killAgent(ec2, first);
        ec2.notice(first, WINDOW);
        var second = trainingHost(ec2, store, run, 2);
        ec2.interrupt(second); // without a notice
        var record =
            connection
                .client()
                .newUntypedWorkflowStub(run)
                .getResult(10, TimeUnit.MINUTES, RunRecord.class);

        verify(record.leases(), second);
        TinyRun.await("the end of every host", () -> ec2.living().isEmpty());
        TinyRun.await("the end of all acquisitions", () -> store.list("capacity/open/").isEmpty());
        assertThat(ec2.started()).isEqualTo(3);
        assertThat(store.list("runs/" + run + "/acquisitions/")).hasSize(3);
      }
    }
  }

  private static void verify(List<LeaseStory> leases, String taken) {
    assertThat(leases)
        .extracting(LeaseStory::ended)
        .as("a death of the agent costs no lease")
        .containsExactly("Preempted", "HostLost", "Finished");
    assertThat(leases.get(1).fromStep())
        .as("after a notice nothing is trained again")
        .isEqualTo(leases.get(0).toStep())
        .isPositive();
    assertThat(leases.get(1).reason())
        .as("why it went, in the provider's words")
        .contains(taken, RunningEc2.TAKEN_BACK);
    assertThat(leases.get(2).fromStep()).isGreaterThan(leases.get(1).fromStep());
  }

  /** The one whose trainer has published a checkpoint under that lease. */
  private static String trainingHost(RunningEc2 ec2, ObjectStore store, String run, int lease)
      throws Exception {
    var folder = "runs/%s/checkpoints/%06d/".formatted(run, lease);
    TinyRun.await("a checkpoint of lease " + lease, () -> !store.list(folder).isEmpty());
    TinyRun.await("one host alone", () -> ec2.living().size() == 1);
    return ec2.living().getFirst();
  }

  private static void killAgent(RunningEc2 ec2, String instance) throws Exception {
    var agent = ec2.agent(instance).orElseThrow();
    ProcessHandle.of(agent).ifPresent(ProcessHandle::destroyForcibly);
    TinyRun.await("another agent", () -> ec2.agent(instance).orElse(agent) != agent);
  }
}
