package io.fettle.cli.store;

import io.fettle.activities.disks.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Copies that end with the command, however it ends. */
final class Drafts {
  private Drafts() {}

  /** A folder that goes with this process. */
  static Path folder() throws IOException {
    var folder = Files.createTempDirectory("fettle-store-");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
    return folder;
  }

  private static void remove(Path folder) {
    try {
      Folders.delete(folder);
    } catch (IOException leaving) {
      // the system's own cleaner finds it
    }
  }
}
