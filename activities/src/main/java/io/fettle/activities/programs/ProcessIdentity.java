package io.fettle.activities.programs;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/**
 * A process for good: a pid is used again, a pid with its start in clock ticks of one boot is not.
 */
record ProcessIdentity(String bootId, long pid, long startTicks) {
  private static final Path BOOT_ID = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int STATE =
      0; // fields are counted after the name, which is in brackets and may hold blanks
  private static final int START_TICKS = 19;

  static String thisBoot() throws IOException {
    return Files.readString(BOOT_ID).strip();
  }

  /** Whether this very process runs; one that has ended and waits to be reaped does not. */
  boolean isAlive() throws IOException {
    return bootId.equals(thisBoot()) && stat().map(this::isRunning).orElse(false);
  }

  private boolean isRunning(String[] stat) {
    return Long.parseLong(stat[START_TICKS]) == startTicks
        && !stat[STATE].equals("Z")
        && !stat[STATE].equals("X");
  }

  private Optional<String[]> stat() {
    try {
      String line = Files.readString(Path.of("/proc", Long.toString(pid), "stat"));
      return Optional.of(line.substring(line.lastIndexOf(')') + 2).strip().split(" "));
    } catch (IOException e) {
      return Optional.empty(); // no such process, or it went while we read
    }
  }
}
