package io.fettle.activities.evaluation.asking;

import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which model is asked, and how patiently.
 *
 * @param called what people call it, such as {@code evaluate.incumbent}
 * @param url of the API, up to and with its version
 * @param model as the server names it
 * @param key the API key itself; empty for a server that wants none
 * @param attempts how often an item is asked about at most, where the server is busy or breaks
 * @param pause before the second attempt; doubled before each further one
 * @param answer how long one may take
 */
public record HostedOptions(
    String called,
    URI url,
    String model,
    Optional<String> key,
    int attempts,
    Duration pause,
    Duration answer) {
  private static final int ATTEMPTS = 6;

  /** With the usual patience. */
  public static HostedOptions of(String called, URI url, String model, Optional<String> key) {
    return new HostedOptions(
        called, url, model, key, ATTEMPTS, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }

  /** Without the key. */
  @Override
  public String toString() {
    return "%s at %s, model %s".formatted(called, url, model);
  }
}
