package io.fettle.activities.programs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.FailureType;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/**
 * One program run to its end: progress passed on, its exit code answered by a failure that says
 * why.
 */
final class ProgramRun {
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final int BAD_CONFIG = 64;
  private static final int BAD_DATA = 65;
  private static final int OUT_OF_MEMORY = 71;
  private static final int TOLD_CHARACTERS = 500;

  private final Environments environments;
  private final Environments.Call call;
  private final Environments.Progress progress;
  private String reason = "";

  ProgramRun(Environments environments, Environments.Call call, Environments.Progress progress) {
    this.environments = environments;
    this.call = call;
    this.progress = progress;
  }

  JsonNode result() throws IOException, InterruptedException {
    Path workdir = Files.createDirectories(call.workdir());
    Path config = workdir.resolve("config.json");
    Files.write(config, Wire.mapper().writeValueAsBytes(call.config()));
    List<String> arguments =
        List.of(call.verb(), "--config", config.toString(), "--workdir", workdir.toString());
    Program program =
        Program.start(environments.module(call.environment(), workdir, call.module(), arguments));
    EventTail events = new EventTail(workdir.resolve("events.jsonl"));
    try {
      Optional<Program.Exit> exit = Optional.empty();
      while (exit.isEmpty()) {
        exit = program.await(LOOK);
        events.read().forEach(this::heard);
      }
      refuseFailure(exit.get(), program);
    } finally {
      program.kill(); // does nothing to one that has ended
    }
    return Wire.mapper().readTree(workdir.resolve("result.json").toFile());
  }

  private void heard(JsonNode event) {
    switch (event.path("event").asText()) {
      case "progress" ->
          progress.on(
              call.environment(),
              event.path("phase").asText(),
              event.path("done").asLong(),
              event.path("total").asLong(),
              event.path("unit").asText());
      case "error" -> reason = event.path("reason").asText();
      default -> {}
    }
  }

  private void refuseFailure(Program.Exit exit, Program program) throws IOException {
    if (exit instanceof Program.Exit.Returned(var code, var _, var _) && code == 0) {
      return;
    }
    Path log = kept(program);
    String told = reason.length() > TOLD_CHARACTERS ? reason.substring(0, TOLD_CHARACTERS) : reason;
    String who = call.module() + " " + call.verb();
    switch (exit) {
      case Program.Exit.Returned(var code, var outOfMemory, var _) ->
          throw type(code, outOfMemory)
              .failure("%s ended with %d: %s; its log is %s".formatted(who, code, told, log));
      case Program.Exit.Killed(var signal, var outOfMemory, var _) ->
          throw (outOfMemory ? FailureType.OUT_OF_MEMORY : FailureType.STEP_FAILED)
              .failure("%s was ended by signal %d; its log is %s".formatted(who, signal, log));
      case Program.Exit.Vanished(var why) ->
          throw FailureType.STEP_FAILED.failure(
              "%s is gone: %s; its log is %s".formatted(who, why, log));
    }
  }

  /** The log of a failure, moved to where it stays: the caller deletes the work directory. */
  private Path kept(Program program) throws IOException {
    Path logs = Files.createDirectories(environments.logs());
    Path log =
        logs.resolve(
            "%s-%s-%d-%d.log"
                .formatted(call.module(), call.verb(), System.currentTimeMillis(), program.pid()));
    return Files.exists(program.stderr()) ? Files.move(program.stderr(), log) : program.stderr();
  }

  private static FailureType type(int code, boolean outOfMemory) {
    return switch (code) {
      case BAD_CONFIG -> FailureType.BAD_CONFIG;
      case BAD_DATA -> FailureType.BAD_DATA;
      case OUT_OF_MEMORY -> FailureType.OUT_OF_MEMORY;
      default -> outOfMemory ? FailureType.OUT_OF_MEMORY : FailureType.STEP_FAILED;
    };
  }
}
