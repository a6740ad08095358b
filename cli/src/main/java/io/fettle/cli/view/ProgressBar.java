package io.fettle.cli.view;

import io.fettle.cli.local.Progress;
import java.io.Console;
import java.io.PrintStream;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** A bar for each download: redrawn in place on a terminal, a line each quarter elsewhere. */
public final class ProgressBar implements Progress {
  private static final int WIDTH = 30;

  private final PrintStream out;
  private final boolean terminal;
  private final Map<String, Long> shown = new HashMap<>();

  public ProgressBar(PrintStream out) {
    this.out = out;
    this.terminal = Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  @Override
  public synchronized void at(String what, long done, long total) {
    if (total <= 0) {
      if (shown.put(what, 0L) == null) {
        out.println(what + " ...");
      }
      return;
    }
    long step = terminal ? done * 100 / total : done * 4 / total * 25;
    var before = shown.put(what, step);
    if (before == null || before != step) {
      draw(what, step, total);
    }
  }

  private void draw(String what, long percent, long total) {
    int full = (int) (percent * WIDTH / 100);
    var bar = "#".repeat(full) + "-".repeat(WIDTH - full);
    var megabytes = (double) total / 1_000_000;
    var line =
        String.format(Locale.ROOT, "%s [%s] %3d %% of %.0f MB", what, bar, percent, megabytes);
    if (terminal) {
      out.print("\r" + line + (percent >= 100 ? "\n" : ""));
      out.flush();
    } else {
      out.println(line);
    }
  }
}
