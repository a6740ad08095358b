package io.fettle.workers.agent;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** This boot of this machine's kernel. */
final class Boot {
  private static final Path FILE = Path.of("/proc/sys/kernel/random/boot_id");
  private static final int CHARACTERS = 8;

  private Boot() {}

  /** Short, for queue names; new after a reboot, the same in every process until then. */
  static String id() throws IOException {
    return Files.readString(FILE).strip().substring(0, CHARACTERS);
  }
}
