package io.fettle.activities.capacity.signal;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.fettle.activities.capacity.signal.PreemptionSignal.Sign;
import java.io.File;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** Against AWS's own mock of the metadata service, version 2 only; built with Go where it lacks. */
@Tag("real")
@Timeout(300)
class Ec2SignalRealTest {
  private static final String VERSION = "1.13.0";
  private static final Path FOLDER =
      Path.of(System.getProperty("fettle.home"), "tools", "ec2-metadata-mock-" + VERSION);
  private static final Path PROGRAM = FOLDER.resolve("ec2-metadata-mock");

  @TempDir Path logs;
  private Process mock;

  @BeforeAll
  static void build() throws Exception {
    if (Files.isExecutable(PROGRAM)) {
      return;
    }
    assumeTrue(goIsHere(), "there is neither ec2-metadata-mock nor go to build it");
    Files.createDirectories(FOLDER);
    var source = "github.com/aws/amazon-ec2-metadata-mock/cmd/ec2-metadata-mock@v" + VERSION;
    var go = new ProcessBuilder("go", "install", source).inheritIO();
    go.environment().putAll(Map.of("GOBIN", FOLDER.toString(), "CGO_ENABLED", "0"));
    assertThat(go.start().waitFor()).as("go install %s", source).isZero();
  }

  private static boolean goIsHere() {
    return Stream.of(System.getenv("PATH").split(File.pathSeparator))
        .anyMatch(folder -> Files.isExecutable(Path.of(folder, "go")));
  }

  @AfterEach
  void stop() throws InterruptedException {
    if (mock != null) {
      mock.destroy();
      mock.waitFor(10, TimeUnit.SECONDS);
    }
  }

  @Test
  void first_nothing_then_a_risk_then_a_notice_of_two_minutes() throws Exception {
    var signal = signal("--rebalance-delay-sec", "2", "--mock-delay-sec", "4");

    var seen = looks(signal, Sign.Leave.class);

    assertThat(seen.stream().map(Object::getClass).distinct().toList())
        .isEqualTo(List.of(Sign.Quiet.class, Sign.Risk.class, Sign.Leave.class));
    assertThat(seen.getLast())
        .isInstanceOfSatisfying(
            Sign.Leave.class,
            leave ->
                assertThat(leave.window())
                    .isBetween(Duration.ofSeconds(117), Duration.ofMinutes(2)));
  }

  @Test
  void a_mock_that_starts_again_refuses_the_old_token_and_is_given_another() throws Exception {
    int port = freePort();
    var signal = signalAt(port, "--mock-delay-sec", "3600", "--rebalance-delay-sec", "3600");
    assertThat(looks(signal, Sign.Quiet.class)).hasSize(1);
    stop();

    signalAt(port, "--mock-delay-sec", "0");

    assertThat(looks(signal, Sign.Leave.class).getLast()).isInstanceOf(Sign.Leave.class);
  }

  /** Until a sign of that kind; a mock that is not up yet is no sign. */
  private static List<Sign> looks(Ec2Signal signal, Class<? extends Sign> last) throws Exception {
    var seen = new ArrayList<Sign>();
    while (seen.isEmpty() || !last.isInstance(seen.getLast())) {
      try {
        seen.add(signal.look());
      } catch (IOException e) {
        assertThat(e).hasMessageContaining("no answer");
      }
      Thread.sleep(200);
    }
    return seen;
  }

  private Ec2Signal signal(String... options) throws IOException {
    return signalAt(freePort(), options);
  }

  private Ec2Signal signalAt(int port, String... options) throws IOException {
    var command = new ArrayList<>(List.of(PROGRAM.toString(), "spot", "--imdsv2"));
    command.addAll(List.of("--hostname", "127.0.0.1", "--port", String.valueOf(port)));
    command.addAll(List.of(options));
    mock =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(logs.resolve("mock-" + port + ".log").toFile())
            .start();
    return new Ec2Signal(URI.create("http://127.0.0.1:" + port));
  }

  private static int freePort() throws IOException {
    try (var socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }
}
