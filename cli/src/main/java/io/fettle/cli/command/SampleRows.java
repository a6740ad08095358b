package io.fettle.cli.command;

import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;

/** Rows to replace: they show the form to someone who has none yet. */
final class SampleRows {
  private static final String NAME = "rows.jsonl";
  private static final String ROWS =
      """
      {"messages": [{"role": "user", "content": "My parcel never came."}, {"role": "assistant", "content": "delivery"}]}
      {"messages": [{"role": "user", "content": "I was charged twice."}, {"role": "assistant", "content": "billing"}]}
      {"messages": [{"role": "user", "content": "Where is my order?"}, {"role": "assistant", "content": "delivery"}]}
      """;

  private SampleRows() {}

  /** The sample's file in the folder; one that is there already is taken as it is. */
  static Path write(Path folder) {
    var file = folder.resolve(NAME);
    if (Files.exists(file)) return file;
    try {
      return Files.writeString(file, ROWS, StandardOpenOption.CREATE_NEW);
    } catch (IOException e) {
      throw new CommandFailure(ExitCode.INVALID, "cannot write " + file + ": " + e.getMessage(), e);
    }
  }
}
