package io.fettle.activities.training;

import io.fettle.activities.programs.Program.Exit;
import io.fettle.workflows.wire.FailureType;
import java.util.Optional;

/**
 * What a trainer's exit means. Our own stop is looked at first: its exit says nothing about the
 * user's job.
 */
sealed interface ExitReading {
  /** Done: the schedule's last step, or an early stop. */
  record Finished() implements ExitReading {}

  /** Ended because of our stop. */
  record Stopped(Stop stop) implements ExitReading {}

  record Failed(FailureType type, String reason) implements ExitReading {}

  int FINISHED = 0;
  int BAD_CONFIG = 64;
  int BAD_DATA = 65;
  int OUT_OF_MEMORY = 71;
  int DIVERGED = 72;
  int STOPPED = 75;

  /**
   * Reads an exit.
   *
   * @param error the trainer's own sentence, empty if it gave none
   */
  static ExitReading of(Exit exit, Optional<Stop> stop, String error) {
    return switch (exit) {
      case Exit.Returned(int code, var _, var _) when code == FINISHED -> new Finished();
      case Exit.Returned(int code, var _, var _) when isOwnVerdict(code) -> verdict(code, error);
      case Exit.Returned returned ->
          stop.<ExitReading>map(Stopped::new).orElseGet(() -> unasked(returned, error));
      case Exit.Killed killed ->
          stop.<ExitReading>map(Stopped::new).orElseGet(() -> killed(killed));
      case Exit.Vanished(var reason) ->
          stop.<ExitReading>map(Stopped::new)
              .orElseGet(() -> new Failed(FailureType.HOST_LOST, "the trainer is gone: " + reason));
    };
  }

  private static boolean isOwnVerdict(int code) {
    return code == BAD_CONFIG || code == BAD_DATA || code == OUT_OF_MEMORY || code == DIVERGED;
  }

  private static ExitReading verdict(int code, String error) {
    var type =
        switch (code) {
          case BAD_CONFIG -> FailureType.BAD_CONFIG;
          case BAD_DATA -> FailureType.BAD_DATA;
          case OUT_OF_MEMORY -> FailureType.OUT_OF_MEMORY;
          default -> FailureType.DIVERGED;
        };
    return new Failed(type, error.isEmpty() ? "the trainer exited with " + code : error);
  }

  private static ExitReading unasked(Exit.Returned returned, String error) {
    if (returned.code() == STOPPED) {
      return new Failed(
          FailureType.PREEMPTED,
          "the trainer was asked to stop by somebody else, as at a shutdown");
    }
    var code = "exit code " + returned.code();
    return new Failed(FailureType.TRAINER_CRASHED, error.isEmpty() ? code : code + ": " + error);
  }

  private static ExitReading killed(Exit.Killed killed) {
    return killed.outOfMemory()
        ? new Failed(FailureType.OUT_OF_MEMORY, "the kernel killed the trainer for want of memory")
        : new Failed(
            FailureType.TRAINER_CRASHED, "the trainer was killed by signal " + killed.signal());
  }
}
