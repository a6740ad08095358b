package io.fettle.benchmarks.failures;

import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalLong;

/** Where the hosts of a rig come from, as whoever breaks them sees it. */
interface HostPool {
  /** Of a train on them. */
  Plan plan(Reference config, Duration lease);

  /** The folder of a host's agent. */
  Path folder(String host);

  /** Its agent's pid; empty while none runs. */
  OptionalLong agent(String host) throws IOException;

  /** Its provider tells it that it ends after that time, and ends it then. */
  void notice(String host, Duration window);

  /** Of one that has died: its provider says so. */
  void sayTerminated(String host) throws IOException;

  /** Of one that has died: its provider says nothing of it, and it does not come back. */
  void sayNothing(String host) throws IOException;

  /** Before its processes are killed: none of them is to come back. */
  void dies(String host);

  /** How the provider names the end of a host that it took. */
  String word();
}
