package io.fettle.activities.data.judge;

import io.fettle.data.quality.Judge;
import io.fettle.workflows.spec.Secret;
import java.net.URI;
import java.time.Duration;
import java.util.Optional;

/**
 * Which model judges, and how it is asked.
 *
 * @param url of the API, up to and with its version, as {@code https://host/v1}
 * @param model as the server names it
 * @param key the API key, by name; empty for a server that wants none
 * @param rubric what makes a row good, in plain words; see {@link Rubric}
 * @param attempts how often a row is asked about at most, where the server is busy or breaks
 * @param pause before the second attempt; doubled before each further one
 * @param answer how long one may take
 */
public record JudgeOptions(
    URI url,
    String model,
    Optional<Secret> key,
    String rubric,
    int attempts,
    Duration pause,
    Duration answer) {
  private static final int ATTEMPTS = 6;

  /**
   * With the usual patience.
   *
   * @param rubric empty for the usual one
   */
  public static JudgeOptions of(
      URI url, String model, Optional<Secret> key, Optional<String> rubric) {
    return new JudgeOptions(
        url,
        model,
        key,
        rubric.orElse(Rubric.USUAL),
        ATTEMPTS,
        Duration.ofSeconds(1),
        Duration.ofMinutes(2));
  }

  /** What its scores are comparable by. */
  public Judge.Column column() {
    return new Judge.Column(model, new Rubric(rubric).sha256());
  }
}
