package io.fettle.benchmarks.capacity;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.programs.Environments;
import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.servers.ServerProcess;
import io.fettle.cli.local.Home;
import io.fettle.cli.runs.Submission;
import io.fettle.workflows.lineage.RunRecord;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The tiny example on a real Ray head: its hosts are Ray jobs, whose entrypoint is the agent. */
@Tag("real")
@Timeout(900)
class RayRunRealTest {
  private static final int TRIES = 3;

  @TempDir private static Path folder;

  @Test
  void a_run_has_its_host_as_a_job_and_gives_it_back() throws Exception {
    var model = TinyRun.model(folder);
    int dashboard = ServerProcess.freePort();
    var head = head(dashboard);
    try (var home = new OwnHome(folder.resolve("home"), Map.of())) {
      var pools = home.cluster().home().path().resolve("pools.yaml");
      Files.writeString(pools, pools(dashboard));
      try (var connection = home.cluster().ensureUp();
          var store = home.cluster().store().open()) {
        var asked = List.of("capacity={pools: [cluster], shape: cpu-1}");
        var run =
            new Submission(connection.client(), home.cluster().store())
                .start(TinyRun.spec(model, pools, "cluster", asked), false);

        var record =
            connection
                .client()
                .newUntypedWorkflowStub(run)
                .getResult(10, TimeUnit.MINUTES, RunRecord.class);

        assertThat(record.leases()).hasSize(1);
        assertThat(record.leases().getFirst().toStep()).isEqualTo(20);
        TinyRun.await("the end of every acquisition", () -> store.list("capacity/open/").isEmpty());
        assertThat(store.list("runs/" + run + "/acquisitions/")).isNotEmpty();
      }
    } finally {
      head.descendants().forEach(ProcessHandle::destroyForcibly);
      head.destroyForcibly();
    }
  }

  private static String pools(int dashboard) {
    var agentHome = folder.resolve("agent");
    return """
        pools:
          cluster:
            provider: ray
            dashboard: http://127.0.0.1:%d
            types: {cpu-1: [cpu]}
            entrypoint: >-
              mkdir -p %s && ln -sfn %s %s/envs && exec %s --fettle.home=%s
        """
        .formatted(
            dashboard,
            agentHome,
            Home.current().environments(),
            agentHome,
            RunningEc2.agent(),
            agentHome);
  }

  /** On a busy machine its parts may miss each other's deadlines: it ends, and is tried again. */
  private static Process head(int dashboard) throws Exception {
    for (int tries = 1; ; tries++) {
      var head = started(dashboard);
      TinyRun.await("the head", () -> !head.isAlive() || hasNode(dashboard));
      if (head.isAlive()) {
        return head;
      }
      assertThat(tries).as(Files.readString(log())).isLessThan(TRIES);
    }
  }

  private static Path log() {
    return folder.resolve("head.log");
  }

  /** Its sockets lie in a folder whose path is short. */
  private static Process started(int dashboard) throws IOException, InterruptedException {
    var own = Home.current();
    var python = new Environments(Environments.Options.of(own.root(), own.path())).python("ray");
    var words =
        new ArrayList<>(
            List.of(
                python.resolveSibling("ray").toString(),
                "start",
                "--head",
                "--block",
                "--disable-usage-stats"));
    words.addAll(List.of("--port=" + ServerProcess.freePort(), "--dashboard-port=" + dashboard));
    words.addAll(List.of("--dashboard-host=127.0.0.1", "--node-ip-address=127.0.0.1"));
    words.addAll(List.of("--num-cpus=2", "--num-gpus=0", "--object-store-memory=100000000"));
    words.addAll(
        List.of(
            "--dashboard-agent-listen-port=" + ServerProcess.freePort(),
            "--dashboard-agent-grpc-port=" + ServerProcess.freePort(),
            "--metrics-export-port=" + ServerProcess.freePort(),
            "--ray-client-server-port=" + ServerProcess.freePort(),
            "--temp-dir=" + Files.createTempDirectory(Path.of("/tmp"), "ray")));
    return new ProcessBuilder(words)
        .redirectErrorStream(true)
        .redirectOutput(log().toFile())
        .start();
  }

  private static boolean hasNode(int dashboard) {
    var nodes = URI.create("http://127.0.0.1:" + dashboard + "/nodes?view=summary");
    try (var answer = nodes.toURL().openStream()) {
      return new String(answer.readAllBytes(), StandardCharsets.UTF_8).contains("\"ALIVE\"");
    } catch (IOException notYet) {
      return false;
    }
  }
}
