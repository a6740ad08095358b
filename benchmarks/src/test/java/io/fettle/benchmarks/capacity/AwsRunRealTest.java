package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.spec.SpecReader;
import io.fettle.activities.spec.SpecReading;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.capacity.Launches.Times;
import io.fettle.cli.local.Home;
import io.fettle.cli.local.JavaCommand;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.RunRecord;
import io.fettle.workflows.spec.SpecPolicy;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.junit.jupiter.api.BeforeAll;
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

  private static final List<String> OVERRIDES =
      List.of(
          "train.max_steps=400",
          "deploy={enabled: false, engine: transformers, max_model_len: 512}",
          "capacity={pools: [aws], shape: cpu, market: spot, budget_dollars: 50}");

  @TempDir private static Path folder;
  private static Path model;

  @BeforeAll
  static void aTinyModel() throws Exception {
    var own = Home.current();
    model = folder.resolve("model");
    new Environments(Environments.Options.of(own.root(), own.path()))
        .run(
            new Environments.Call(
                "train",
                "fettle_trainer",
                "tiny",
                Map.of("out", model.toString(), "seed", 1),
                folder.resolve("tiny")),
            (_, _, _, _, _) -> {});
  }

  @Test
  void a_run_on_spot_outlives_its_host_and_leaves_none_behind() throws Exception {
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
            new Submission(connection.client(), home.cluster().store()).start(spec(pools), false);

        await("a checkpoint", () -> !store.list("runs/" + run + "/checkpoints/").isEmpty());
        var first = living(account).getFirst();
        machines.notice(first, WINDOW);
        await("another launch", () -> machines.started() == 2);
        ec2.interrupt(first);
        var record =
            connection
                .client()
                .newUntypedWorkflowStub(run)
                .getResult(10, TimeUnit.MINUTES, RunRecord.class);

        assertThat(record.leases()).hasSize(2);
        var before = record.leases().getFirst();
        assertThat(before.ended()).isEqualTo("Preempted");
        assertThat(record.leases().getLast().fromStep())
            .as("nothing that was trained is trained again")
            .isEqualTo(before.toStep())
            .isPositive();
        await("the end of every host", () -> living(account).isEmpty());
        await("the end of every acquisition", () -> store.list("capacity/open/").isEmpty());
        assertThat(machines.started()).isEqualTo(2);
        assertThat(store.list("runs/" + run + "/acquisitions/")).hasSize(2);
      }
    }
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
    var agent =
        JavaCommand.ofAgent("io.fettle.workers.agent.Agent", List.of()).stream()
            .map(word -> "'" + word + "'")
            .collect(Collectors.joining(" "));
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
        agent);
  }

  private static SpecReading.Accepted spec(Path pools) throws IOException {
    var overrides = new ArrayList<>(OVERRIDES);
    overrides.add("model.path=" + model);
    var policy = SpecPolicy.current().withPools(List.of("aws"), pools.toString());
    var reading =
        new SpecReader(policy)
            .read(Home.current().root().resolve("examples/tiny/fettle.yaml"), overrides);
    return reading.accepted().orElseThrow(() -> new IOException(reading.describe()));
  }

  private static List<String> living(Ec2Account account) {
    return account.instances().stream()
        .filter(Ec2Account::lives)
        .map(Instance::instanceId)
        .toList();
  }

  private static void await(String what, Callable<Boolean> sign) throws Exception {
    for (int i = 0; i < 1_200; i++) {
      if (sign.call()) {
        return;
      }
      Thread.sleep(250);
    }
    throw new AssertionError("waited five minutes for " + what);
  }
}
