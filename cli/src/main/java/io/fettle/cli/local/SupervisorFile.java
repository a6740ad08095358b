package io.fettle.cli.local;

import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code state/supervisor.json} says: who supervises, and where the server is.
 *
 * @param embedded whether the server is a process of ours
 * @param ui base address of the web UI; null where the server is not ours
 */
record SupervisorFile(
    long pid,
    Instant startedAt,
    String app,
    String address,
    String namespace,
    boolean embedded,
    @Nullable String ui) {

  static Optional<SupervisorFile> read(Home home) {
    return JsonFile.read(home.supervisorFile(), SupervisorFile.class);
  }

  /** The file, if its writer still lives. */
  static Optional<SupervisorFile> ofLiving(Home home) {
    return read(home).filter(file -> file.id().isAlive());
  }

  ProcessId id() {
    return new ProcessId(pid, startedAt);
  }
}
