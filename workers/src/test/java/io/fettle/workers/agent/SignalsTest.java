package io.fettle.workers.agent;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import io.fettle.workers.agent.AgentSettings.Signal;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SignalsTest {
  @TempDir Path root;
  private final Map<String, String> environment = new HashMap<>();

  @Test
  void where_it_runs_is_found_without_asking_anybody() throws IOException {
    assertThat(found()).isEqualTo(Signal.NONE);

    write("state/pool/local-1.json", "{}");
    assertThat(found()).isEqualTo(Signal.LOCAL);

    write("sys/class/dmi/id/product_name", "Google Compute Engine\n");
    assertThat(found()).isEqualTo(Signal.GCP);

    write("sys/class/dmi/id/sys_vendor", "Amazon EC2\n");
    assertThat(found()).isEqualTo(Signal.EC2);

    environment.put("KUBERNETES_SERVICE_HOST", "10.0.0.1");
    assertThat(found()).isEqualTo(Signal.KUBERNETES);
  }

  @Test
  void the_local_pools_notice_is_read_from_its_file() throws Exception {
    write(
        "state/pool/local-1.json",
        "{\"notice\":{\"at\":\"%s\",\"windowSeconds\":45}}"
            .formatted(java.time.Instant.now().minusSeconds(5)));

    assertThat(signals(Signal.AUTO).choose(() -> true).look())
        .isInstanceOfSatisfying(
            Sign.Leave.class,
            leave ->
                assertThat(leave.window())
                    .isBetween(Duration.ofSeconds(30), Duration.ofSeconds(40)));
  }

  @Test
  void a_host_that_nobody_takes_away_is_never_told_to_leave() throws Exception {
    assertThat(signals(Signal.NONE).choose(() -> true).look()).isEqualTo(new Sign.Quiet());
  }

  private Signal found() {
    return signals(Signal.AUTO).found();
  }

  private Signals signals(Signal signal) {
    var second = Duration.ofSeconds(1);
    var silence = new AgentSettings.Silence(second, second, second, second, second);
    var settings =
        new AgentSettings(
            "local-1", "local", "cpu", root, second, second, silence, second, signal, null, second,
            second, second, 0.5, 0, second, null, second, second, null, false, List.of(), second);
    return new Signals(settings, root.resolve("state"), root, environment);
  }

  private void write(String file, String text) throws IOException {
    Files.createDirectories(root.resolve(file).getParent());
    Files.writeString(root.resolve(file), text);
  }
}
