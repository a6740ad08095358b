package io.fettle.benchmarks.failures;

import io.fettle.workflows.run.Pace;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Properties;

/**
 * The settings of all rows: the shipped defaults, where lease, heartbeats, silence limits, cuts and
 * back-off are shorter by one factor. What a cloud or a store sets (notices, rates) and the bars
 * are not scaled.
 *
 * @param factor from {@code failures.properties}; at most 20
 */
record Settings(int factor) {
  private static final int MOST = 20;

  /** How long a trainer may show nothing new, by phase. */
  private static final Map<String, Duration> SILENCE =
      Map.of(
          "load", Duration.ofMinutes(20),
          "compile", Duration.ofMinutes(30),
          "step", Duration.ofMinutes(15),
          "eval", Duration.ofMinutes(60),
          "save", Duration.ofMinutes(20));

  static Settings shipped() {
    var file = new Properties();
    try (var in = Settings.class.getResourceAsStream("failures.properties")) {
      file.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return new Settings(Integer.parseInt(file.getProperty("factor")));
  }

  Settings {
    if (factor < 1 || factor > MOST) {
      throw new IllegalArgumentException("factor is %d; 1 to %d".formatted(factor, MOST));
    }
  }

  Pace pace() {
    return new Pace(factor, false);
  }

  /** The control of cut links. */
  Pace impatience() {
    return new Pace(factor, true);
  }

  Duration lease() {
    return scaled(Duration.ofMinutes(15));
  }

  /** Of the train activity. */
  Duration heartbeatTimeout() {
    return scaled(Duration.ofSeconds(20));
  }

  /** The longest blackout that the product promises to survive. */
  Duration longestCut() {
    return scaled(Duration.ofMinutes(10));
  }

  Duration scaled(Duration shipped) {
    return shipped.dividedBy(factor);
  }

  /** Of the processes. */
  Map<String, String> environment() {
    var variables = new HashMap<String, String>();
    variables.put("AGENT_HEARTBEAT", millis(Duration.ofSeconds(4)));
    variables.put("AGENT_STORELOOK", millis(Duration.ofSeconds(10)));
    SILENCE.forEach(
        (phase, limit) ->
            variables.put("AGENT_SILENCE_" + phase.toUpperCase(Locale.ROOT), millis(limit)));
    variables.put("CONTROL_LOCALHOSTS", "24");
    return variables;
  }

  /** Of a control worker that launches hosts: each of its looks renews them for a lease. */
  Map<String, String> renewal() {
    return Map.of("CONTROL_SWEEP", millis(Duration.ofSeconds(20)));
  }

  private String millis(Duration shipped) {
    return scaled(shipped).toMillis() + "ms";
  }
}
