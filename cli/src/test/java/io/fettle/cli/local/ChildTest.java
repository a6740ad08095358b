package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.cli.local.ProcessFile.State;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ChildTest {
  private static final Duration SOON = Duration.ofSeconds(10);

  @TempDir private Path folder;
  private final List<Child> children = new ArrayList<>();

  @AfterEach
  void endAll() throws IOException {
    for (var child : children) {
      child.kill();
    }
  }

  @Test
  void a_process_that_dies_is_started_again_and_counted() throws IOException {
    var child = sleeper("build-1", 0);
    awaitUp(child);
    var first = file();
    first.id().killTree();
    ticked(child, () -> file().pid() != first.pid() && file().state() == State.UP);
    assertThat(file().restarts()).isEqualTo(1);
  }

  @Test
  void a_process_that_keeps_dying_is_started_ever_more_slowly() throws IOException {
    var child = child(new ChildSpec("worker", "b", 0, List.of("false"), Map.of(), _ -> false));
    var start = System.nanoTime();
    ticked(child, () -> file().restarts() >= 4);
    // 0.2 + 0.4 + 0.8 s between the first four deaths
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(1_400));
  }

  @Test
  void no_pause_is_longer_than_the_longest() throws IOException {
    var child =
        child(
            new ChildSpec("worker", "b", 0, List.of("false"), Map.of(), _ -> false),
            Duration.ofMillis(50));
    var start = System.nanoTime();
    ticked(child, () -> file().restarts() >= 8);
    // 0.2 s doubled seven times would be 25 s
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isLessThan(Duration.ofSeconds(8));
  }

  @Test
  void what_a_slow_process_started_outlives_it() throws IOException {
    Path pid = folder.resolve("trainer.pid");
    String command =
        "trap '' TERM; setsid sleep 300 & echo $! > %s; while :; do sleep 0.1; done".formatted(pid);
    var agent =
        child(
            new ChildSpec(
                "worker", "b", 0, List.of("sh", "-c", command), Map.of(), _ -> Files.exists(pid)));
    awaitUp(agent);

    agent.stop(Duration.ofMillis(300));

    assertThat(file().id().isAlive()).isFalse();
    var trainer = ProcessHandle.of(Long.parseLong(Files.readString(pid).strip())).orElseThrow();
    assertThat(trainer.isAlive()).isTrue();
    trainer.destroyForcibly();
  }

  @Test
  void the_next_supervisor_adopts_a_process_that_lives() throws IOException {
    awaitUp(sleeper("build-1", 0));
    var before = file();
    var adopter = sleeper("build-1", 0);
    adopter.adopt();
    awaitUp(adopter);
    assertThat(file().pid()).isEqualTo(before.pid());
  }

  @Test
  void a_process_of_another_build_is_replaced() throws IOException {
    awaitUp(sleeper("build-1", 0));
    var before = file();
    var adopter = sleeper("build-2", 0);
    adopter.adopt();
    awaitUp(adopter);
    assertThat(before.id().isAlive()).isFalse();
    assertThat(file().pid()).isNotEqualTo(before.pid());
  }

  @Test
  void another_process_with_the_old_number_is_not_adopted() throws IOException {
    var self = ProcessHandle.current().pid();
    new ProcessFile(
            "worker", self, Instant.now().minusSeconds(600), 0, folder, State.UP, "build-1", 0)
        .write(home());
    var child = sleeper("build-1", 0);
    child.adopt();
    awaitUp(child);
    assertThat(file().pid()).isNotEqualTo(self);
  }

  @Test
  void a_start_waits_until_the_port_is_free() throws IOException {
    Child child;
    try (var taken = new ServerSocket()) {
      taken.bind(new InetSocketAddress(Ports.loopback(), 0));
      child = sleeper("build-1", taken.getLocalPort());
      child.tick();
      assertThat(ProcessFile.read(home(), "worker")).isEmpty();
    }
    awaitUp(child);
  }

  @Test
  void a_stopped_process_stays_stopped() throws IOException {
    var child = sleeper("build-1", 0);
    awaitUp(child);
    child.stop(SOON);
    child.tick();
    assertThat(file().state()).isEqualTo(State.STOPPED);
    assertThat(file().id().isAlive()).isFalse();
  }

  private Home home() {
    return new Home(folder, folder);
  }

  private ProcessFile file() {
    return ProcessFile.read(home(), "worker").orElseThrow();
  }

  private Child sleeper(String build, int port) throws IOException {
    return child(new ChildSpec("worker", build, port, List.of("sleep", "60"), Map.of(), _ -> true));
  }

  private Child child(ChildSpec spec) throws IOException {
    return child(spec, Child.LONGEST_PAUSE);
  }

  private Child child(ChildSpec spec, Duration longestPause) throws IOException {
    java.nio.file.Files.createDirectories(home().state());
    var child = new Child(home(), spec, longestPause);
    children.add(child);
    return child;
  }

  private void awaitUp(Child child) {
    ticked(child, child::isUp);
  }

  private static void ticked(Child child, java.util.function.BooleanSupplier condition) {
    assertThat(
            Waiting.until(
                SOON,
                () -> {
                  tick(child);
                  return condition.getAsBoolean();
                }))
        .isTrue();
  }

  private static void tick(Child child) {
    try {
      child.tick();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
