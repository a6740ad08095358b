package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalOptions;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** How the worker processes are started. */
final class Workers {
  private final Home home;
  private final TemporalOptions server;
  private final JavaCommand java;

  Workers(Home home, TemporalOptions server) {
    this.home = home;
    this.server = server;
    this.java = new JavaCommand(home);
  }

  /** The control worker of a build, ours or one before. */
  ChildSpec control(String app, String classPath, List<String> arguments) {
    var main = "io.fettle.workers.control.ControlWorker";
    return spec("control", app, java.of(classPath, main, "768m", arguments));
  }

  ChildSpec agent(PoolHost host) {
    var arguments =
        List.of(
            "--agent.host=" + host.host(),
            "--agent.shape=" + host.shape(),
            "--agent.state=" + host.folder(home));
    var main = "io.fettle.workers.agent.Agent";
    return spec(host.agent(), JavaCommand.app(), java.of(main, "384m", arguments));
  }

  private ChildSpec spec(String name, String app, List<String> command) {
    var readyFile = home.processes().resolve(name + ".ready");
    return new ChildSpec(
        name,
        app,
        0,
        command,
        environment(readyFile),
        process -> announced(readyFile, process.pid()));
  }

  private Map<String, String> environment(Path readyFile) {
    var environment = new HashMap<>(TemporalSettings.asEnvironment(server));
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
