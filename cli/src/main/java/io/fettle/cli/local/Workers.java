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

  ChildSpec control() {
    return spec("control", "io.fettle.workers.control.ControlWorker", "768m", List.of());
  }

  ChildSpec agent(PoolHost host) {
    return spec(
        host.agent(),
        "io.fettle.workers.agent.Agent",
        "384m",
        List.of(
            "--agent.host=" + host.host(),
            "--agent.shape=" + host.shape(),
            "--agent.state=" + host.folder(home)));
  }

  private ChildSpec spec(String name, String main, String heap, List<String> arguments) {
    var readyFile = home.processes().resolve(name + ".ready");
    return new ChildSpec(
        name,
        JavaCommand.app(),
        0,
        java.of(main, heap, arguments),
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
