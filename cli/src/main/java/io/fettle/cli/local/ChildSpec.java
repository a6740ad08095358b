package io.fettle.cli.local;

import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A process that should run.
 *
 * @param app the build; an adopted process of another build is replaced
 * @param port it listens on; 0 for none. A restart waits until the port is free, because others
 *     know it
 * @param ready whether that process does its work by now
 */
record ChildSpec(
    String name,
    String app,
    int port,
    List<String> command,
    Map<String, String> environment,
    Predicate<ProcessId> ready) {

  ChildSpec {
    command = List.copyOf(command);
    environment = Map.copyOf(environment);
  }
}
