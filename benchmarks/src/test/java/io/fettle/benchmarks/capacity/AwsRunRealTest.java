package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.cli.local.Home;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.LeaseStory;
import io.fettle.workflows.lineage.RunRecord;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.services.ec2.model.Instance;

/**
 * The tiny example on EC2: launched, joined, told to leave, lost, launched again, given back. The
 * instances are processes of this machine, begun by the launch template's user data.
 */
@Tag("real")
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
    try (var account = Moto.account();
        var ec2 = new DocumentedEc2(account, InstantSource.system(), Times.NONE);
        var home = new OwnHome(folder.resolve("home"), signedIn())) {
      var pools = home.cluster().home().path().resolve("pools.yaml");
      Files.writeString(pools, pools(ec2, account));
      try (var connection = home.cluster().ensureUp();
          var store = home.cluster().store().open();
          var machines =
              new LocalMachines(account, folder.resolve("machines"), userData(store, connection))) {
        var run =
            new Submission(connection.client(), home.cluster().store())
                .start(TinyRun.spec(model, pools, "aws", SPEC), false);
        var first = trainingHost(account, store, run, 1);
        machines.notice(first, WINDOW);
        var second = trainingHost(account, store, run, 2);
        ec2.interrupt(first); // it has been given back by now, or is taken
        ec2.interrupt(second); // without a notice
        var record =
            connection
                .client()
                .newUntypedWorkflowStub(run)
                .getResult(10, TimeUnit.MINUTES, RunRecord.class);

        var leases = record.leases();
        assertThat(leases)
            .extracting(LeaseStory::ended)
            .containsExactly("Preempted", "HostLost", "Finished");
        assertThat(leases.get(1).fromStep())
            .as("after a notice nothing is trained again")
            .isEqualTo(leases.get(0).toStep())
            .isPositive();
        assertThat(leases.get(2).fromStep()).isGreaterThan(leases.get(1).fromStep());
        TinyRun.await("the end of every host", () -> living(account).isEmpty());
        TinyRun.await("the end of all acquisitions", () -> store.list("capacity/open/").isEmpty());
        assertThat(machines.started()).isEqualTo(3);
        assertThat(store.list("runs/" + run + "/acquisitions/")).hasSize(3);
      }
    }
  }

  /** The one whose trainer has published a checkpoint under that lease. */
  private static String trainingHost(Ec2Account account, ObjectStore store, String run, int lease)
      throws Exception {
    var folder = "runs/%s/checkpoints/%06d/".formatted(run, lease);
    TinyRun.await("a checkpoint of lease " + lease, () -> !store.list(folder).isEmpty());
    TinyRun.await("one host alone", () -> living(account).size() == 1);
    return living(account).getFirst();
  }

  private static Map<String, String> signedIn() {
    return Map.of("AWS_ACCESS_KEY_ID", "test", "AWS_SECRET_ACCESS_KEY", "test");
  }

  private static String pools(DocumentedEc2 ec2, Ec2Account account) {
    var zones =
        account.zones().entrySet().stream()
            .map(zone -> zone.getKey() + ": " + zone.getValue())
            .collect(Collectors.joining(", "));
    return """
        pools:
          aws:
            provider: aws
            region: eu-west-1
            endpoint: %s
            launch_template: fettle-agent
            zones: {%s}
            types: {cpu: [g5.xlarge]}
            prices: {g5.xlarge: {spot: 0.4, on_demand: 1.0}}
        """
        .formatted(ec2.address(), zones);
  }

  private static String userData(ObjectStore store, TemporalConnection connection) {
    var own = Home.current();
    return """
        set -eu
        mkdir -p "$SYSROOT/etc/fettle" "$SYSROOT/home"
        ln -sfn %s "$SYSROOT/home/envs"
        cat > "$SYSROOT/etc/fettle/agent.env" <<EOF
        AGENT_METADATA=$METADATA
        AGENT_STATE=$SYSROOT/host
        FETTLE_STORE=%s
        FETTLE_TEMPORAL_ADDRESS=%s
        LAUNCH_ELASTIC=true
        LAUNCH_USER=$(id -un)
        EOF
        sh %s
        set -a
        . "$SYSROOT/run/fettle/agent.env"
        set +a
        exec %s --fettle.home="$SYSROOT/home" --agent.end=
        """
        .formatted(
            own.environments(),
            store.root(),
            connection.options().address(),
            own.root().resolve("infra/launch/host"),
            TinyRun.agent());
  }

  private static List<String> living(Ec2Account account) {
    return account.instances().stream()
        .filter(Ec2Account::lives)
        .map(Instance::instanceId)
        .toList();
  }
}
