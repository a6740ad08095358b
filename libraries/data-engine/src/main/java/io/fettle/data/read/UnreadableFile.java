package io.fettle.data.read;

import java.io.IOException;

/**
 * A file that has no rows as described. The message names the file, the line and what to do; never
 * a row's text.
 */
public final class UnreadableFile extends IOException {
  public UnreadableFile(String source, long line, String problem) {
    super("%s line %d: %s".formatted(source, line, problem));
  }

  UnreadableFile(String source, long line, Throwable problem) {
    this(source, line, String.valueOf(problem.getMessage()));
    initCause(problem);
  }
}
