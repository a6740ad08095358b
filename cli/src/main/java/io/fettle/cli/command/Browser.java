package io.fettle.cli.command;

import java.io.IOException;
import java.net.URI;
import java.util.List;

/** The user's browser, if this machine has one to show. */
final class Browser {
  private Browser() {}

  /** Whether one was started. */
  static boolean show(URI page) {
    if (!hasScreen()) {
      return false;
    }
    return List.of("xdg-open", "open").stream().anyMatch(program -> started(program, page));
  }

  private static boolean started(String program, URI page) {
    try {
      new ProcessBuilder(program, page.toString())
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start();
      return true;
    } catch (IOException notInstalled) {
      return false;
    }
  }

  private static boolean hasScreen() {
    return System.getProperty("os.name").startsWith("Mac")
        || System.getenv("DISPLAY") != null
        || System.getenv("WAYLAND_DISPLAY") != null;
  }
}
