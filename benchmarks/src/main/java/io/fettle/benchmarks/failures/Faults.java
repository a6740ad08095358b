package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.annotation.JsonInclude;
import io.fettle.cli.local.JsonFile;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;

/**
 * What the store does to one process at the moment: a file a process, which the process reads
 * before each call and the benchmark replaces whole.
 */
record Faults(Path folder, long pid) {
  private static final String JOURNAL = "journal.log";

  /**
   * One process's store.
   *
   * @param away nothing is answered
   * @param full nothing more can be written
   * @param bytesPerSecond of uploads; 0: as fast as it goes
   * @param haltAfter the process ends at once, like by SIGKILL, when it has put a key in which this
   *     expression finds something; empty: it lives
   */
  @JsonInclude(JsonInclude.Include.ALWAYS)
  record State(boolean away, boolean full, long bytesPerSecond, String haltAfter) {
    static final State NONE = new State(false, false, 0, "");

    static State gone() {
      return new State(true, false, 0, "");
    }

    static State noSpace() {
      return new State(false, true, 0, "");
    }

    static State slow(long bytesPerSecond) {
      return new State(false, false, bytesPerSecond, "");
    }

    static State haltingAfter(String expression) {
      return new State(false, false, 0, expression);
    }
  }

  /** One put: when, by whom, what. */
  record Put(Instant at, long pid, String key) {
    String line() {
      return "%s %d %s%n".formatted(at, pid, key);
    }

    static Put parse(String line) {
      var parts = line.split(" ", 3);
      return new Put(Instant.parse(parts[0]), Long.parseLong(parts[1]), parts[2]);
    }
  }

  void set(State state) throws IOException {
    JsonFile.write(file(), state);
  }

  State now() throws IOException {
    try {
      return Wire.mapper().readValue(Files.readAllBytes(file()), State.class);
    } catch (NoSuchFileException none) {
      return State.NONE;
    }
  }

  void journal(String key) throws IOException {
    Files.createDirectories(folder);
    Files.writeString(
        folder.resolve(JOURNAL),
        new Put(Instant.now(), pid, key).line(),
        StandardOpenOption.CREATE,
        StandardOpenOption.APPEND);
  }

  static Path journalOf(Path folder) {
    return folder.resolve(JOURNAL);
  }

  private Path file() {
    return folder.resolve(pid + ".json");
  }
}
