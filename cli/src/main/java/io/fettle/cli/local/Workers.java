package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalOptions;
import io.fettle.workflows.capacity.CpuShape;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the worker processes are started. */
final class Workers {
  private static final Path TASKSET = Path.of("/usr/bin/taskset"); // util-linux

  private final Home home;
  private final TemporalOptions server;
  private final TemporalOptions agentServer;
  private final JavaCommand java;

  /**
   * @param agentAddress where agents reach the server, if that is elsewhere for them
   */
  Workers(Home home, TemporalOptions server, Optional<String> agentAddress) {
    this.home = home;
    this.server = server;
    this.agentServer = agentAddress.map(server::at).orElse(server);
    this.java = new JavaCommand(home);
  }

  /** The control worker of a build, ours or one before. */
  ChildSpec control(String app, String classPath, List<String> arguments) {
    var main = "io.fettle.workers.control.ControlWorker";
    return spec("control", app, java.of(classPath, main, "768m", arguments), server);
  }

  ChildSpec agent(PoolHost host) {
    var arguments =
        List.of(
            "--agent.host=" + host.host(),
            "--agent.shape=" + host.shape(),
            "--agent.state=" + host.folder(home));
    var main = "io.fettle.workers.agent.Agent";
    var command = new ArrayList<>(boundTo(host.shape()));
    command.addAll(java.agent(main, arguments));
    return spec(host.agent(), JavaCommand.app(), command, agentServer);
  }

  /**
   * To the first so many cores, with all that the agent starts; nothing where none can be bound.
   */
  private static List<String> boundTo(String shape) {
    var cores = CpuShape.cores(shape);
    return cores.isPresent() && Files.isExecutable(TASKSET)
        ? List.of(TASKSET.toString(), "-c", "0-" + (cores.getAsInt() - 1))
        : List.of();
  }

  private ChildSpec spec(String name, String app, List<String> command, TemporalOptions reached) {
    var readyFile = home.processes().resolve(name + ".ready");
    return new ChildSpec(
        name,
        app,
        0,
        command,
        environment(readyFile, reached),
        process -> announced(readyFile, process.pid()));
  }

  private static Map<String, String> environment(Path readyFile, TemporalOptions reached) {
    var environment = new HashMap<>(TemporalSettings.asEnvironment(reached));
    environment.put("FETTLE_READY_FILE", readyFile.toString());
    return environment;
  }

  private static boolean announced(Path file, long pid) {
    try {
      return Files.readString(file).strip().equals(Long.toString(pid));
    } catch (IOException e) {
      return false;
    }
  }
}
