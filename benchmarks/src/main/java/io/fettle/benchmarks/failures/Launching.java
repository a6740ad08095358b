package io.fettle.benchmarks.failures;

import io.fettle.benchmarks.OwnHome;
import io.fettle.benchmarks.capacity.RunningEc2;
import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/** What a home whose hosts are launched needs beyond another one. */
final class Launching {
  private Launching() {}

  /** For the control worker. */
  static Map<String, String> variables(Ground ground) {
    return ground.ec2().map(_ -> RunningEc2.signedIn()).orElse(Map.of());
  }

  /** An account for that home, which knows it as a pool; before the home is up. */
  static Optional<RunningEc2> in(Ground ground, OwnHome own, Path folder) throws IOException {
    if (ground.ec2().isEmpty()) {
      return Optional.empty();
    }
    var account = ground.ec2().get().account(folder.resolve("machines"));
    account.describe(own.cluster().home().path());
    return Optional.of(account);
  }

  /** The settings of agents there, of those that the home's processes have. */
  static Map<String, String> agents(Map<String, String> variables, String server) {
    var settings = new HashMap<String, String>();
    variables.forEach(
        (name, value) -> {
          if (name.startsWith("AGENT_") || name.equals("FETTLE_STORE")) {
            settings.put(name, value);
          }
        });
    settings.put("FETTLE_TEMPORAL_ADDRESS", server);
    return settings;
  }
}
