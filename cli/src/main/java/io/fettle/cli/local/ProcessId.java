package io.fettle.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;

/** A process that cannot be mistaken for a later one with the same number. */
record ProcessId(long pid, Instant startedAt) {
  /** The start time is computed from the boot time, which moves when the clock is set. */
  private static final Duration CLOCK_SLACK = Duration.ofSeconds(3);

  static ProcessId of(ProcessHandle process) {
    return new ProcessId(process.pid(), process.info().startInstant().orElseGet(Instant::now));
  }

  /** The process, if it still lives. */
  Optional<ProcessHandle> find() {
    return ProcessHandle.of(pid).filter(this::isSame).filter(_ -> !isZombie());
  }

  boolean isAlive() {
    return find().isPresent();
  }

  private boolean isSame(ProcessHandle process) {
    return process.isAlive()
        && process
            .info()
            .startInstant()
            .map(start -> Duration.between(start, startedAt).abs().compareTo(CLOCK_SLACK) <= 0)
            .orElse(false);
  }

  // An orphan stays a zombie where nothing reaps it (a container without an init), and Java calls
  // it alive.
  private boolean isZombie() {
    try {
      var stat = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return stat.startsWith("Z", stat.lastIndexOf(')') + 2);
    } catch (IOException e) {
      return false;
    }
  }

  /** Kills the process and what it started, none of them having a say. */
  void killTree() {
    find()
        .ifPresent(
            process -> {
              var children = process.descendants().toList();
              process
                  .destroyForcibly(); // first the parent, so that it cannot report its child's end
              children.forEach(ProcessHandle::destroyForcibly);
            });
  }

  /**
   * Asks the process to end, and kills it after {@code grace}. What it started is left alone: an
   * agent's trainers and engines outlive it, however slow it is.
   */
  void stop(Duration grace) {
    var process = find();
    if (process.isEmpty()) {
      return;
    }
    process.get().destroy();
    if (!Waiting.until(grace, () -> !isAlive())) {
      process.get().destroyForcibly();
      Waiting.until(Duration.ofSeconds(5), () -> !isAlive());
    }
  }
}
