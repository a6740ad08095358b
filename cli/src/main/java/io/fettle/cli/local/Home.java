package io.fettle.cli.local;

import java.net.URI;
import java.nio.file.Path;

/**
 * Where everything of one installation lies.
 *
 * @param root the checkout: {@code activities/programs/}, {@code examples/}
 * @param path {@code FETTLE_HOME}: {@code tools/} and {@code envs/} can be made again, {@code
 *     state/} cannot
 */
public record Home(Path root, Path path) {

  public Home {
    root = root.toAbsolutePath().normalize();
    path = path.toAbsolutePath().normalize();
  }

  /** As the launcher says, in the system properties {@code fettle.root} and {@code fettle.home}. */
  public static Home current() {
    var root = Path.of(System.getProperty("fettle.root", ""));
    var home = System.getProperty("fettle.home");
    return new Home(root, home == null ? root.resolve(".fettle") : Path.of(home));
  }

  public Path tools() {
    return path.resolve("tools");
  }

  public Path environments() {
    return path.resolve("envs");
  }

  public Path state() {
    return path.resolve("state");
  }

  public Path logs() {
    return state().resolve("logs");
  }

  public Path processes() {
    return state().resolve("processes");
  }

  public Path hosts() {
    return state().resolve("hosts");
  }

  public Path pool() {
    return state().resolve("pool");
  }

  public Path engines() {
    return state().resolve("engines");
  }

  /** The default store: a directory. */
  public URI store() {
    return state().resolve("store").toUri();
  }

  Path supervisorFile() {
    return state().resolve("supervisor.json");
  }

  Path endpointsFile() {
    return state().resolve("endpoints.json");
  }
}
