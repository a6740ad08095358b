package io.fettle.cli.view;

import java.io.Console;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;

/**
 * Lines for people, and one line at the bottom that is alive. Without a terminal the live line is
 * an ordinary one, now and then.
 */
public final class Screen {
  private static final Duration PLAIN_LINES = Duration.ofSeconds(10);
  private static final String CLEARED = "\r\033[K";
  private static final int USUAL_WIDTH = 80;

  private final PrintWriter out;
  private final boolean terminal;
  private String live = "";
  private String printed = "";
  private long printedAt = System.nanoTime() - PLAIN_LINES.toNanos();

  public Screen(PrintWriter out, boolean terminal) {
    this.out = out;
    this.terminal = terminal;
  }

  /** On this process's terminal, if it has one and {@code forPeople} says that it is written to. */
  public static Screen of(PrintWriter out, boolean forPeople) {
    return new Screen(out, forPeople && onTerminal());
  }

  static boolean onTerminal() {
    return Optional.ofNullable(System.console()).filter(Console::isTerminal).isPresent();
  }

  /** A line that stays. */
  public synchronized void say(String line) {
    if (live.isEmpty()) {
      out.println(line);
    } else {
      out.println(CLEARED + line);
      out.print(live);
    }
    out.flush();
  }

  /** Other work begins, which without a terminal is a line of its own. */
  public synchronized void begin(String work) {
    if (!terminal) {
      out.println(work + " ...");
      out.flush();
    }
  }

  /** Replaces the line at the bottom; empty removes it. */
  public synchronized void live(String line) {
    if (terminal) {
      redraw(line);
    } else if (isDue(line)) {
      out.println(line);
      out.flush();
      printed = line;
      printedAt = System.nanoTime();
    }
  }

  private void redraw(String line) {
    var fitting = line.length() < USUAL_WIDTH ? line : line.substring(0, USUAL_WIDTH - 1);
    if (!fitting.equals(live)) {
      out.print(CLEARED + fitting);
      out.flush();
      live = fitting;
    }
  }

  private boolean isDue(String line) {
    return !line.isEmpty()
        && !line.equals(printed)
        && System.nanoTime() - printedAt >= PLAIN_LINES.toNanos();
  }
}
