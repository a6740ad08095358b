package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** How the worker processes are started. */
final class Workers {
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
    return spec(host.agent(), JavaCommand.app(), java.of(main, "384m", arguments), agentServer);
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
