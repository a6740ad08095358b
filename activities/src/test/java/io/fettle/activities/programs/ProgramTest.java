package io.fettle.activities.programs;

import static org.assertj.core.api.Assertions.assertThat;

import io.fettle.activities.Forked;
import io.fettle.activities.programs.Program.Exit;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ProgramTest {
  private static final Duration SOON = Duration.ofSeconds(30);

  @TempDir Path folder;
  private final List<Program> started = new ArrayList<>();

  @AfterEach
  void leaveNothingRunning() throws Exception {
    for (Program program : started) {
      program.kill();
      program.await(SOON);
    }
  }

  @Test
  void a_command_runs_in_its_folder_with_its_environment_and_its_end_is_recorded()
      throws Exception {
    var program =
        sh("echo out $GREETING; echo err >&2; pwd; exit 75", Map.of("GREETING", "hello 'you'"));
    var exit = (Exit.Returned) program.await(SOON).orElseThrow();
    assertThat(exit.code()).isEqualTo(75);
    assertThat(exit.outOfMemory()).isFalse();
    assertThat(exit.endedAt())
        .isBetween(Instant.now().minusSeconds(60), Instant.now().plusSeconds(1));
    assertThat(program.stdout())
        .hasContent("out hello 'you'\n" + folder.resolve("work").toRealPath());
    assertThat(program.stderr()).hasContent("err");
    assertThat(program.alive()).isFalse();
  }

  @Test
  void a_command_that_is_not_there_ends_with_the_reason_in_its_log() throws Exception {
    var program = start(List.of("no-such-command-here"));
    assertThat(program.await(SOON))
        .get()
        .isInstanceOfSatisfying(
            Exit.Returned.class, exit -> assertThat(exit.code()).isEqualTo(127));
    assertThat(program.stderr()).content().contains("no-such-command-here");
  }

  /** What a scope is good for, infra/test_boot.py shows with a real manager. */
  @Test
  void where_systemd_gives_no_scope_a_command_runs_without() throws Exception {
    var nobody = Map.of("FETTLE_SCOPE", "--user", "XDG_RUNTIME_DIR", folder + "/none");
    var program = sh("echo out; exit 3", nobody);
    assertThat((Exit.Returned) program.await(SOON).orElseThrow())
        .extracting(Exit.Returned::code)
        .isEqualTo(3);
    assertThat(program.stdout()).hasContent("out");
  }

  @Test
  void a_second_start_in_the_same_folder_adopts_the_first() throws Exception {
    var first = sh("echo once; sleep 600", Map.of());
    var second = sh("echo twice", Map.of());
    assertThat(second.pid()).isEqualTo(first.pid());
    assertThat(second.alive()).isTrue();
    assertThat(second.exit()).isEmpty();
    assertThat(eventually(first.stdout())).isEqualTo("once");
    first.kill();
    second.await(SOON);
    assertThat(sh("echo twice", Map.of()).exit()).isEqualTo(second.exit());
  }

  @Test
  void a_request_reaches_the_command_alone_and_a_kill_its_whole_group() throws Exception {
    var program =
        sh(
            "trap 'echo saved' USR1; sleep 600 & echo $! >child; while :; do sleep 0.05; done",
            Map.of());
    long child = Long.parseLong(eventually(folder.resolve("work/child")));
    program.signal(Program.Signal.USR1);
    assertThat(eventually(program.stdout())).isEqualTo("saved");
    assertThat(ProcessHandle.of(child)).isPresent();

    program.kill();
    var exit = (Exit.Killed) program.await(SOON).orElseThrow();
    assertThat(exit.signal()).isEqualTo(9);
    assertThat(exit.outOfMemory()).isFalse();
    assertGone(child);
  }

  @Test
  void what_a_command_leaves_behind_ends_with_it() throws Exception {
    var program = sh("sleep 600 & echo $!", Map.of());
    assertThat(program.await(SOON)).get().isInstanceOf(Exit.Returned.class);
    assertGone(Long.parseLong(Files.readString(program.stdout()).strip()));
  }

  @Test
  void a_program_outlives_the_kill_of_the_process_that_started_it_and_is_adopted()
      throws Exception {
    Path workdir = folder.resolve("work");
    Process starter = Forked.java(Starter.class, workdir.toString());
    long pid = Long.parseLong(starter.inputReader().readLine());
    starter.destroyForcibly().waitFor();

    var adopted = Program.adopt(workdir).orElseThrow();
    started.add(adopted);
    assertThat(adopted.pid()).isEqualTo(pid);
    assertThat(adopted.alive()).isTrue();
    assertThat(adopted.exit()).isEmpty();

    adopted.signal(Program.Signal.TERM);
    assertThat(adopted.await(SOON))
        .get()
        .isInstanceOfSatisfying(Exit.Returned.class, exit -> assertThat(exit.code()).isEqualTo(75));
    assertThat(adopted.stdout()).hasContent("checkpoint");
  }

  @Test
  void a_shim_killed_with_its_command_leaves_no_doubt() throws Exception {
    var program = sh("sleep 600", Map.of());
    long shim =
        Wire.mapper()
            .readTree(folder.resolve("work/process.json").toFile())
            .get("shimPid")
            .asLong();
    var shimProcess = ProcessHandle.of(shim).orElseThrow();
    shimProcess.destroyForcibly();
    shimProcess.onExit().get();
    assertThat(program.exit()).as("the command still runs").isEmpty();
    program.kill();
    assertThat(program.await(SOON))
        .contains(new Exit.Vanished("the process and its shim were killed together"));
  }

  @Test
  void a_pid_that_is_used_again_or_of_another_boot_is_not_taken_for_the_program() throws Exception {
    long pid = ProcessHandle.current().pid();
    String boot = Files.readString(Path.of("/proc/sys/kernel/random/boot_id")).strip();
    assertThat(adopted(boot, pid, 1).exit()).get().isInstanceOf(Exit.Vanished.class);
    assertThat(adopted("another-boot", pid, 1).exit())
        .contains(new Exit.Vanished("the machine was restarted"));
    assertThat(Program.adopt(folder.resolve("nothing"))).isEmpty();
  }

  @Test
  void a_torn_record_is_a_vanished_program_and_no_exception() throws Exception {
    Files.writeString(folder.resolve("process.json"), "{\"pid\":12");
    assertThat(Program.adopt(folder).orElseThrow().exit()).get().isInstanceOf(Exit.Vanished.class);
  }

  @Test
  void starts_that_race_run_the_command_once() throws Exception {
    Path workdir = folder.resolve("work");
    List<Process> starters = new ArrayList<>();
    for (int n = 0; n < 3; n++) {
      starters.add(Forked.java(Starter.class, workdir.toString()));
    }
    List<String> pids = new ArrayList<>();
    for (Process starter : starters) {
      pids.add(starter.inputReader().readLine());
      starter.destroyForcibly().waitFor();
    }
    started.add(Program.adopt(workdir).orElseThrow());
    assertThat(pids).doesNotContainNull().containsOnly(pids.getFirst());
  }

  private Program adopted(String boot, long pid, long startTicks) throws IOException {
    Files.writeString(
        folder.resolve("process.json"),
        "{\"bootId\":\"%s\",\"pid\":%d,\"startTicks\":%d,\"shimPid\":%d,\"shimStartTicks\":%d}"
            .formatted(boot, pid, startTicks, pid, startTicks));
    return Program.adopt(folder).orElseThrow();
  }

  private Program sh(String script, Map<String, String> environment) throws Exception {
    return start(List.of("sh", "-c", script), environment);
  }

  private Program start(List<String> command) throws Exception {
    return start(command, Map.of());
  }

  private Program start(List<String> command, Map<String, String> environment) throws Exception {
    var program = Program.start(new Program.Spec(command, folder.resolve("work"), environment));
    started.add(program);
    return program;
  }

  private static String eventually(Path file) throws Exception {
    String text = "";
    for (int n = 0; n < 600 && text.isBlank(); n++) {
      Thread.sleep(50); // another process writes the file
      text = Files.exists(file) ? Files.readString(file).strip() : "";
    }
    return text;
  }

  private static void assertGone(long pid) throws Exception {
    Optional<ProcessHandle> process = ProcessHandle.of(pid);
    if (process.isPresent()) {
      process.get().onExit().get();
    }
  }

  /** Starts a program that stops when it is asked to, says its pid and waits to be killed. */
  static final class Starter {
    public static void main(String[] args) throws Exception {
      String script = "trap 'echo checkpoint; exit 75' TERM; while :; do sleep 0.05; done";
      System.out.println(
          Program.start(new Program.Spec(List.of("sh", "-c", script), Path.of(args[0]), Map.of()))
              .pid());
      Thread.sleep(Duration.ofMinutes(10));
    }
  }
}
