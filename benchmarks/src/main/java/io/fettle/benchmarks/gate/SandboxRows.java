package io.fettle.benchmarks.gate;

import io.fettle.activities.evaluation.sandbox.Sandbox;
import io.fettle.activities.evaluation.scoring.Marks;
import io.fettle.activities.evaluation.scoring.Scorers;
import io.fettle.activities.evaluation.scoring.Scorers.Answer;
import io.fettle.activities.evaluation.scoring.ScoringOptions;
import io.fettle.benchmarks.Effort;
import io.fettle.benchmarks.Row;
import io.fettle.workflows.evaluation.Criteria;
import io.fettle.workflows.evaluation.Scoring;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/**
 * Answers that try to get out of the sandbox, scored as code is. Each passes its tests only if it
 * got out; an escape is one that is marked right, or one whose trace is found outside.
 */
public final class SandboxRows {
  public static final String NAME = "sandbox_escapes";

  private static final Scoring.Limits LIMITS =
      new Scoring.Limits(Duration.ofSeconds(3), 256, 32, 16, 64);
  private static final Scoring.Code CODE =
      new Scoring.Code(
          List.of("python3", "-I", "answer.py"),
          "answer.py",
          Scorers.pythonTemplate(),
          LIMITS,
          List.of(),
          List.of());

  private SandboxRows() {}

  /**
   * Tries every way out, once, three times, or ten times.
   *
   * @return {@link #NAME}, its control the harmless ways out tried without a sandbox; skipped where
   *     this machine can make none
   */
  public static List<Row> measure(Effort effort) throws IOException, InterruptedException {
    if (!effort.wants(NAME)) {
      return List.of();
    }
    Path work = Files.createTempDirectory("fettle-sandbox-rows-");
    try (ServerSocket here = new ServerSocket(0, 50, InetAddress.getLoopbackAddress())) {
      return List.of(new Trial(work, here).row(trials(effort)));
    } catch (Sandbox.Unusable notHere) {
      return List.of(Row.skipped(NAME, String.valueOf(notHere.getMessage())));
    } finally {
      delete(work);
    }
  }

  private static int trials(Effort effort) {
    return switch (effort.level()) {
      case QUICK -> 1;
      case USUAL -> 3;
      case FULL -> 10;
    };
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    }
  }

  /** The ways out on one machine, and what would show outside. */
  private static final class Trial {
    private final Path work;
    private final Path trace;
    private final List<Escapes.Way> ways;

    Trial(Path work, ServerSocket here) throws IOException {
      this.work = work;
      this.trace = work.resolve("trace");
      Path secret = Files.writeString(work.resolve("secret"), "token");
      this.ways = Escapes.ways(here.getLocalPort(), ProcessHandle.current().pid(), secret, trace);
    }

    Row row(int trials) throws IOException, InterruptedException {
      List<String> escaped = new ArrayList<>();
      double pause;
      try (Pauses pauses = Pauses.watch()) {
        for (int trial = 0; trial < trials; trial++) {
          escaped.addAll(escaped());
        }
        pause = pauses.longestMillis();
      }
      int free = 0;
      for (Escapes.Way way : ways) {
        free += way.harmless() && plainly(way) ? 1 : 0;
      }
      int tried = trials * ways.size();
      return Row.measured(NAME, escaped.size(), "", tried)
          .control((double) free)
          .atMost(0)
          .shownByControl()
          .note(
              "%d ways out, control: the harmless ones without a sandbox; longest pause of a thread beside them %.0f ms%s"
                  .formatted(ways.size(), pause, escaped.isEmpty() ? "" : "; " + escaped));
    }

    private List<String> escaped() throws IOException, InterruptedException {
      List<Answer> arm =
          ways.stream().map(way -> new Answer(way.name(), "", way.test(), way.answer())).toList();
      Marks marks = Scorers.mark(criteria(), arm, ScoringOptions.in(work.resolve("runs")));
      List<String> escaped = new ArrayList<>();
      for (int i = 0; i < ways.size(); i++) {
        if (marks.right(i)) {
          escaped.add(ways.get(i).name());
        }
      }
      if (Files.deleteIfExists(trace)) {
        escaped.add("a trace outside");
      }
      if (processes(work) > 0) {
        escaped.add("a process left");
      }
      return escaped;
    }

    /** Of our sandboxes; their scripts lie in the work folder. */
    private static long processes(Path work) {
      return ProcessHandle.allProcesses()
          .filter(
              process ->
                  process.info().commandLine().filter(l -> l.contains(work.toString())).isPresent())
          .count();
    }

    private boolean plainly(Escapes.Way way) throws IOException, InterruptedException {
      Path file = Files.writeString(work.resolve("plain.py"), way.answer() + "\n" + way.test());
      Process process =
          new ProcessBuilder("python3", "-I", file.toString())
              .redirectErrorStream(true)
              .redirectOutput(ProcessBuilder.Redirect.DISCARD)
              .start();
      boolean out = process.waitFor(30, TimeUnit.SECONDS) && process.exitValue() == 0;
      process.destroyForcibly();
      Files.deleteIfExists(trace);
      return out;
    }

    private static Criteria criteria() {
      Scoring scoring = Scoring.NONE.with(CODE);
      return new Criteria(
          1,
          "code",
          "pass_at_1",
          List.of(),
          "",
          16,
          1,
          List.of(),
          0,
          0,
          0.05,
          1_000,
          1,
          scoring,
          null,
          Optional.empty());
    }
  }

  /** How late a thread wakes that has nothing to do with it. */
  private static final class Pauses implements AutoCloseable {
    private static final long SLEEP_MILLIS = 10;

    private final Thread thread;
    private volatile long longest;

    private Pauses() {
      this.thread = Thread.ofPlatform().daemon().unstarted(this::run);
    }

    static Pauses watch() {
      Pauses pauses = new Pauses();
      pauses.thread.start();
      return pauses;
    }

    private void run() {
      try {
        while (true) {
          long before = System.nanoTime();
          Thread.sleep(SLEEP_MILLIS);
          longest = Math.max(longest, System.nanoTime() - before);
        }
      } catch (InterruptedException stop) {
        Thread.currentThread().interrupt();
      }
    }

    double longestMillis() {
      return longest / 1e6 - SLEEP_MILLIS;
    }

    @Override
    public void close() {
      thread.interrupt();
    }
  }
}
