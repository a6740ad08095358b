package io.fettle.activities.training;

import java.nio.file.Path;
import java.time.Duration;

/**
 * How one host watches its trainers.
 *
 * @param host its id
 * @param directory its own state: {@code work/} and {@code cache/}
 * @param heartbeat between two signs of life to the server; well under the activity's heartbeat
 *     timeout
 * @param look between two looks at events, exit and stalls
 * @param storeLook between two looks at the ledger, each of which also renews the lease in the
 *     store
 * @param silence how long each phase may be silent
 * @param stopGrace how long a trainer may take to its next step boundary after it was asked to stop
 * @param noticeMargin what is left of a notice's window for the last words
 * @param expectedLife how long hosts of this pool are expected to last, before any was seen to end
 * @param streamAbove share of the free disk; a dataset's shards that would take more of it are
 *     brought while the trainer runs
 */
public record HostOptions(
    String host,
    Path directory,
    Duration heartbeat,
    Duration look,
    Duration storeLook,
    Silence silence,
    Duration stopGrace,
    Duration noticeMargin,
    Duration expectedLife,
    double streamAbove) {

  /** How long a phase may show nothing new; {@code alive} alone is nothing new. */
  public record Silence(
      Duration load, Duration compile, Duration step, Duration eval, Duration save) {
    /** Generous: a stall found late costs minutes, a healthy trainer killed costs trust. */
    public static Silence standard() {
      return new Silence(
          Duration.ofMinutes(20),
          Duration.ofMinutes(30),
          Duration.ofMinutes(15),
          Duration.ofMinutes(60),
          Duration.ofMinutes(20));
    }

    Duration of(String phase) {
      return switch (phase) {
        case "load" -> load;
        case "compile" -> compile;
        case "eval" -> eval;
        case "save" -> save;
        default -> step;
      };
    }
  }

  /** The same with an agent's own settings. */
  public HostOptions with(
      Duration newHeartbeat,
      Duration newStoreLook,
      Silence newSilence,
      Duration newStopGrace,
      Duration newNoticeMargin,
      Duration newExpectedLife,
      double newStreamAbove) {
    return new HostOptions(
        host,
        directory,
        newHeartbeat,
        look,
        newStoreLook,
        newSilence,
        newStopGrace,
        newNoticeMargin,
        newExpectedLife,
        newStreamAbove);
  }

  public static HostOptions standard(String host, Path directory) {
    return new HostOptions(
        host,
        directory,
        Duration.ofSeconds(4),
        Duration.ofMillis(250),
        Duration.ofSeconds(10),
        Silence.standard(),
        Duration.ofMinutes(10),
        Duration.ofSeconds(3),
        Duration.ofHours(6),
        0.5);
  }
}
