package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.Capacity;
import io.fettle.activities.capacity.HostClaim;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.HostOptions;
import io.fettle.activities.training.TrainingHost;
import io.fettle.workers.settings.Pollers;
import io.fettle.workflows.capacity.AcquireRequest;
import io.fettle.workflows.capacity.ClaimRequest;
import io.fettle.workflows.capacity.Offer;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.Remedy;
import io.fettle.workflows.training.TrainerExit;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import io.temporal.testing.TestWorkflowEnvironment;
import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class HostWatchTest {
  private static final Duration HEARTBEAT = Duration.ofMillis(100);

  @TempDir Path state;
  private final TestWorkflowEnvironment server = TestWorkflowEnvironment.newInstance();
  private TrainingHost training;
  private int openings;

  @BeforeEach
  void start() throws IOException {
    server.newWorker("host");
    server.start();
    var store = Stores.open(state.resolve("store").toUri());
    var options = HostOptions.standard("local-1", folder());
    training =
        new TrainingHost(
            options.with(
                HEARTBEAT,
                HEARTBEAT,
                HostOptions.Silence.standard(),
                HEARTBEAT,
                HEARTBEAT,
                HEARTBEAT,
                0.5),
            store,
            new StepCache(store, "test"),
            server.getWorkflowClient(),
            _ -> false,
            (_, _) -> {
              throw new IOException("nothing trains here");
            });
  }

  @AfterEach
  void stop() {
    training.close();
    server.close();
  }

  @Test
  void a_reboot_ends_a_claim_once_the_trains_that_it_left_have_ended() throws Exception {
    claimAndReboot();
    leaveATrain();
    var claim = claim("boot-2");
    training.adopt();
    var watch = watch(claim);

    watch.look();

    assertThat(training.running()).hasSize(1);
    assertThat(claim.earlier()).isPresent();
    assertThat(openings).isZero();
    Files.write(work().resolve("token"), tokenOfNobody());
    while (!training.running().isEmpty()) {
      Thread.sleep(20);
    }
    watch.look();
    assertThat(claim.earlier()).isEmpty();
    assertThat(openings).isEqualTo(1);
  }

  @Test
  void a_reboot_that_left_no_train_ends_its_claim_at_once() throws Exception {
    claimAndReboot();
    var claim = claim("boot-2");
    training.adopt();

    watch(claim).look();

    assertThat(claim.earlier()).isEmpty();
    assertThat(openings).isEqualTo(1);
  }

  private void claimAndReboot() throws IOException {
    Capacity.local(state, 1)
        .acquire(
            new AcquireRequest(
                "run", Offer.owned("local", "cpu", "free"), "t-1", CapacityTerms.NONE),
            new Capacity.Execution("fettle", "run", "1"));
    claim("boot-1").claim(new ClaimRequest("run", "t-1"), "1");
  }

  /** Its trainer has ended, and without a token that cannot be told. */
  private void leaveATrain() throws IOException {
    Files.createDirectories(work());
    var none = new Reference(URI.create("file:///none"), "0".repeat(64));
    var lease = new Lease(1, "input", "local-1", Optional.empty(), 0, 0, 0);
    var job =
        new TrainingJob(
            "run",
            "t-1",
            lease,
            none,
            none,
            none,
            Remedy.none(),
            Duration.ofMinutes(15),
            Optional.empty());
    write(
        work().resolve("assignment.json"),
        Map.of("job", job, "namespace", "default", "workflow", "run", "workflowRun", "1"));
    write(
        work().resolve("outcome.json"),
        Map.of("kind", "FAILED", "type", "HOST_LOST", "exit", TrainerExit.unheard()));
  }

  /** The server has no such activity: the run takes the lease for lost, and asks no more. */
  private static byte[] tokenOfNobody() throws IOException {
    var bytes = new ByteArrayOutputStream();
    var token = new DataOutputStream(bytes);
    for (var part : List.of("default", "run", "1")) {
      token.writeUTF(part);
    }
    token.writeLong(1);
    token.writeInt(1);
    return bytes.toByteArray();
  }

  private static void write(Path file, Map<String, Object> content) throws IOException {
    Files.write(file, Wire.mapper().writeValueAsBytes(content));
  }

  private HostClaim claim(String boot) throws IOException {
    var identity = new HostClaim.Identity("local-1", boot, "local", "cpu");
    var claim = Capacity.localClaim(state, folder(), identity);
    claim.restore();
    return claim;
  }

  private HostWatch watch(HostClaim claim) {
    var client = server.getWorkflowClient();
    var gate =
        new ClaimGate(
            () -> {
              openings++;
              return Pollers.factory(client, 0);
            },
            "claims",
            claim);
    return new HostWatch(
        server.getWorkerFactory(),
        gate,
        claim,
        new Leaving(gate, training, new RunLookup(client, "local-1")),
        training,
        Capacity.runs(client),
        Duration.ofMillis(5));
  }

  private Path work() {
    return folder().resolve("work/run-000001");
  }

  private Path folder() {
    return state.resolve("hosts/local-1");
  }
}
