package io.fettle.cli.local;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class StraysTest {
  private static final String AGENT = "io.fettle.workers.agent.Agent";

  @TempDir Path directory;
  private Home home;
  private final List<Process> processes = new ArrayList<>();

  @BeforeEach
  void prepare() {
    home = new Home(directory, directory.resolve("home"));
  }

  @AfterEach
  void end() {
    processes.forEach(Process::destroyForcibly);
  }

  @Test
  void an_agent_that_the_supervisor_did_not_live_to_note_is_found() throws Exception {
    var stray = agent(home, "local-1");
    host("local-1", "running");
    note("local-1", agent(home, "local-1"));

    assertThat(Strays.agents(home)).extracting(ProcessId::pid).containsExactly(stray.pid());
  }

  @Test
  void an_agent_whose_host_was_given_up_is_found() throws Exception {
    var unwanted = agent(home, "local-1");
    host("local-1", "stopped");
    note("local-1", unwanted);

    assertThat(Strays.agents(home)).extracting(ProcessId::pid).containsExactly(unwanted.pid());
  }

  @Test
  void agents_of_other_homes_and_other_programs_are_left_alone() throws Exception {
    agent(new Home(directory, directory.resolve("home-2")), "local-1");
    start("tail", "--agent.state=" + home.hosts().resolve("local-1"));

    assertThat(Strays.agents(home)).isEmpty();
  }

  private Process agent(Home of, String host) throws IOException {
    return start(AGENT, "--agent.state=" + of.hosts().resolve(host));
  }

  /** A shell that waits for a line, with the words of an agent's command line. */
  private Process start(String main, String argument) throws IOException {
    var process = new ProcessBuilder("sh", "-c", "read line; true", "sh", main, argument).start();
    processes.add(process);
    return process;
  }

  private void host(String host, String desired) throws IOException {
    Files.createDirectories(home.pool());
    Files.writeString(
        home.pool().resolve(host + ".json"),
        """
        {"host": "%s", "shape": "cpu", "desired": "%s", "terminated": false, "notice": null}
        """
            .formatted(host, desired));
  }

  private void note(String host, Process agent) throws IOException {
    var id = ProcessId.of(agent.toHandle());
    var log = home.logs().resolve(host);
    new ProcessFile(
            "agent-" + host, id.pid(), id.startedAt(), 0, log, ProcessFile.State.UP, "app", 0)
        .write(home);
  }
}
