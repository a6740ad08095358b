package io.fettle.cli.local;

import java.net.URI;
import java.time.Instant;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What {@code state/supervisor.json} says: who supervises, and where the server is.
 *
 * @param embedded whether the server is a process of ours
 * @param store root of the object store; null where an older Fettle wrote this
 * @param ui base address of the web UI; null where the server is not ours
 */
record SupervisorFile(
    long pid,
    Instant startedAt,
    String app,
    String address,
    String namespace,
    boolean embedded,
    @Nullable String store,
    @Nullable String ui) {

  static Optional<SupervisorFile> read(Home home) {
    return JsonFile.read(home.supervisorFile(), SupervisorFile.class);
  }

  /** The file, if its writer still lives. */
  static Optional<SupervisorFile> ofLiving(Home home) {
    return read(home).filter(file -> file.id().isAlive());
  }

  /**
   * What these processes use that the environment no longer says; empty: all is as it was.
   *
   * @param server the server that the environment names; empty: the embedded one
   */
  Optional<String> otherThan(Optional<String> server, URI wanted) {
    if (!server.map(address::equals).orElse(embedded)) {
      return Optional.of(
          "the server at %s, FETTLE_TEMPORAL_ADDRESS is %s"
              .formatted(address, server.orElse("not set")));
    }
    return store == null || plain(store).equals(plain(wanted.toString()))
        ? Optional.empty()
        : Optional.of("the store at %s, FETTLE_STORE says %s".formatted(store, wanted));
  }

  /** As {@code file:/a} and {@code file:///a/} name one folder. */
  private static String plain(String root) {
    return root.replaceFirst("^file:/+", "file:/").replaceFirst("/+$", "");
  }

  ProcessId id() {
    return new ProcessId(pid, startedAt);
  }
}
