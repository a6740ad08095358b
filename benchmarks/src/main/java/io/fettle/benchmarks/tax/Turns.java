package io.fettle.benchmarks.tax;

import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Two trainers on one processor, of which one runs at a time and the other is held, for some
 * seconds each in turn: however the machine drifts, it drifts for both.
 */
final class Turns {
  private static final Duration TURN = Duration.ofSeconds(5);
  private static final Duration LOOK = Duration.ofMillis(50);
  private static final double MILLIS = 1_000;

  private Turns() {}

  /**
   * A time in which one was held.
   *
   * @param from seconds since 1970
   */
  record Held(double from, double to) {
    /** How much of it lies between two others. */
    double within(double start, double end) {
      return Math.max(0, Math.min(to, end) - Math.max(from, start));
    }
  }

  /** One of the two. */
  static final class Player {
    private final long pid;
    private final List<Held> held = new ArrayList<>();
    private double since = -1;

    Player(long pid) {
      this.pid = pid;
    }

    boolean isAlive() {
      return ProcessHandle.of(pid).filter(ProcessHandle::isAlive).isPresent();
    }

    List<Held> held() {
      return List.copyOf(held);
    }

    void hold() throws IOException, InterruptedException {
      if (since < 0) {
        signal("-STOP");
        since = now();
      }
    }

    void release() throws IOException, InterruptedException {
      if (since >= 0) {
        held.add(new Held(since, now()));
        since = -1;
        signal("-CONT");
      }
    }

    /** One that has ended hears nothing. */
    private void signal(String which) throws IOException, InterruptedException {
      new ProcessBuilder("kill", which, Long.toString(pid))
          .redirectErrorStream(true)
          .redirectOutput(ProcessBuilder.Redirect.DISCARD)
          .start()
          .waitFor();
    }

    private static double now() {
      return System.currentTimeMillis() / MILLIS;
    }
  }

  /** Until one of them has ended; then the other one runs on. */
  static void take(Player first, Player second) throws IOException, InterruptedException {
    try {
      second.hold();
      first.release();
      var running = first;
      var waiting = second;
      while (running.isAlive() && waiting.isAlive()) {
        run(running);
        running.hold();
        waiting.release();
        var next = waiting;
        waiting = running;
        running = next;
      }
    } finally {
      first.release();
      second.release();
    }
  }

  private static void run(Player player) throws InterruptedException {
    long end = System.nanoTime() + TURN.toNanos();
    while (System.nanoTime() < end && player.isAlive()) {
      Thread.sleep(LOOK);
    }
  }
}
