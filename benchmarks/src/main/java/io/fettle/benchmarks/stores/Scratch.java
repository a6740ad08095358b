package io.fettle.benchmarks.stores;

import io.fettle.cli.local.Folders;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Folders of a benchmark. */
final class Scratch {
  private Scratch() {}

  /** With all that is in it; one that is not there is nothing. */
  static void delete(Path folder) throws IOException {
    if (Files.exists(folder)) {
      Folders.delete(folder);
    }
  }
}
