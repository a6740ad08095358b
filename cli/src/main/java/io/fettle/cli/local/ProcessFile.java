package io.fettle.cli.local;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code state/processes/{name}.json} says about one process that the supervisor owns.
 *
 * @param port 0 for a process that listens nowhere
 * @param app the build that it runs, so that a rebuilt one replaces it
 * @param restarts since the supervisor took it over
 */
record ProcessFile(
    String name,
    long pid,
    Instant startedAt,
    int port,
    Path log,
    @Nullable State state,
    String app,
    int restarts) {

  enum State {
    STARTING,
    UP,
    BACKING_OFF,
    STOPPED
  }

  static Optional<ProcessFile> read(Home home, String name) {
    return JsonFile.read(path(home, name), ProcessFile.class);
  }

  void write(Home home) throws IOException {
    JsonFile.write(path(home, name), this);
  }

  ProcessId id() {
    return new ProcessId(pid, startedAt);
  }

  static Path path(Home home, String name) {
    return home.processes().resolve(name + ".json");
  }
}
