package io.fettle.activities.evaluation.scoring;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/** Programs that mark a whole arm at once. */
final class Programs {
  private final ScoringOptions options;

  Programs(ScoringOptions options) {
    this.options = options;
  }

  /**
   * What to run.
   *
   * @param name what messages call it
   * @param confined false: with limits of time and output alone
   */
  record Call(
      String name,
      List<String> command,
      Map<String, String> files,
      String input,
      List<String> readOnly,
      boolean confined) {
    Call {
      command = List.copyOf(command);
      readOnly = List.copyOf(readOnly);
    }
  }

  static Sandbox.Limits limits(Scoring.Limits frozen) {
    return new Sandbox.Limits(
        frozen.time(),
        frozen.memoryMib(),
        frozen.processes(),
        frozen.fileMib(),
        frozen.outputKib());
  }

  /**
   * What a program says.
   *
   * @param items it may say a KiB of each, where that is more than its limit
   * @throws IllegalArgumentException if it fails; what it said stays in a file on this machine, for
   *     it may quote rows
   */
  String run(Call call, Scoring.Limits frozen, int items) throws IOException, InterruptedException {
    Sandbox.Limits given = limits(frozen);
    Sandbox.Limits limits =
        new Sandbox.Limits(
            given.time(),
            given.memoryMib(),
            given.processes(),
            given.fileMib(),
            Math.max(given.outputKib(), items));
    Sandbox.Job job = new Sandbox.Job(call.command(), call.files(), call.input(), call.readOnly());
    Sandbox sandbox =
        call.confined() ? Sandbox.in(options.work()) : Sandbox.without(options.work());
    sandbox.check(job, limits);
    Sandbox.Ended ended = sandbox.run(job, limits);
    if (!ended.ok()) {
      Path log = Files.createTempFile(Files.createDirectories(options.work()), "scorer-", ".log");
      Files.writeString(log, ended.output() + "\n" + ended.errors());
      throw new IllegalArgumentException(
          "%s ended with %s, exit code %d; what it said is in %s on the worker"
              .formatted(call.name(), ended.end(), ended.code(), log));
    }
    return ended.output();
  }
}
