package io.fettle.activities.chat;

import io.fettle.workflows.spec.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which model is asked, and how patiently.
 *
 * @param name what messages call it, as in {@code judge}
 * @param url of the API, up to and with its version, as {@code https://host/v1}
 * @param model as the server names it
 * @param key the API key, by name; empty for a server that wants none
 * @param attempts how often one thing is asked at most, where the server is busy or breaks
 * @param pause before the second attempt; doubled before each further one
 * @param answer how long one may take
 */
public record ChatOptions(
    String name,
    URI url,
    String model,
    Optional<Secret> key,
    int attempts,
    Duration pause,
    Duration answer) {
  private static final int ATTEMPTS = 6;

  /** With the usual patience. */
  public static ChatOptions of(String name, URI url, String model, Optional<Secret> key) {
    return new ChatOptions(
        name, url, model, key, ATTEMPTS, Duration.ofSeconds(1), Duration.ofMinutes(2));
  }
}
