package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalOptions;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** What the environment says about the Temporal server; the workers read the same names. */
public final class TemporalSettings {
  static final String DEFAULT_NAMESPACE = "fettle";
  private static final String PREFIX = "FETTLE_TEMPORAL_";

  private final Map<String, String> environment;

  public TemporalSettings(Map<String, String> environment) {
    this.environment = Map.copyOf(environment);
  }

  /** The server that the user names; empty means the embedded one. */
  public Optional<TemporalOptions> configured() {
    var address = value("ADDRESS");
    if (address == null) {
      return Optional.empty();
    }
    try {
      return Optional.of(
          new TemporalOptions(
              address,
              namespace(),
              Boolean.parseBoolean(value("TLS")),
              file("TLS_CERT"),
              file("TLS_KEY"),
              file("TLS_CA"),
              value("API_KEY")));
    } catch (IllegalArgumentException e) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "%s; set both FETTLE_TEMPORAL_TLS_CERT and FETTLE_TEMPORAL_TLS_KEY, or neither"
              .formatted(e.getMessage()));
    }
  }

  /** Where agents reach the server, if that is another address for them; a proxy's, say. */
  Optional<String> agentAddress() {
    return Optional.ofNullable(value("AGENT_ADDRESS"));
  }

  String namespace() {
    var namespace = value("NAMESPACE");
    return namespace == null ? DEFAULT_NAMESPACE : namespace;
  }

  /** The same settings as a worker's environment, for these options. */
  static Map<String, String> asEnvironment(TemporalOptions options) {
    var environment = new HashMap<String, String>();
    environment.put(PREFIX + "ADDRESS", options.address());
    environment.put(PREFIX + "NAMESPACE", options.namespace());
    environment.put(PREFIX + "TLS", Boolean.toString(options.tls()));
    put(environment, "TLS_CERT", options.certificate());
    put(environment, "TLS_KEY", options.key());
    put(environment, "TLS_CA", options.authority());
    put(environment, "API_KEY", options.apiKey());
    return environment;
  }

  private static void put(Map<String, String> environment, String name, @Nullable Object value) {
    if (value != null) {
      environment.put(PREFIX + name, value.toString());
    }
  }

  private @Nullable Path file(String name) {
    var value = value(name);
    return value == null ? null : Path.of(value);
  }

  private @Nullable String value(String name) {
    var value = environment.get(PREFIX + name);
    return value == null || value.isBlank() ? null : value;
  }
}
