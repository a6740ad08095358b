package io.fettle.cli.demo;

import io.fettle.activities.programs.Environments;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.cli.local.LocalCluster;
import io.fettle.cli.view.Screen;
import java.io.IOException;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;

/**
 * Makes the Python environments: the first before the run starts, the others beside it, so that the
 * run waits for none longer than it must.
 */
final class Making {
  private static final int WIDTH = 24;

  private final LocalCluster cluster;
  private final Screen screen;
  private final Set<String> said = new HashSet<>();
  private volatile boolean beside;

  Making(LocalCluster cluster, Screen screen) {
    this.cluster = cluster;
    this.screen = screen;
  }

  /** Waits for the first; the others follow on a thread that keeps nobody waiting. */
  void make(List<String> names) throws InterruptedException {
    var environments = cluster.environments(this::told);
    try {
      environments.python(names.getFirst());
    } catch (IOException failure) {
      throw new CommandFailure(
          ExitCode.PREREQUISITE_MISSING, String.valueOf(failure.getMessage()), failure);
    } finally {
      screen.live("");
    }
    beside = true;
    var rest = names.subList(1, names.size());
    Thread.ofVirtual().name("environments").start(() -> makeRest(environments, rest));
  }

  private void makeRest(Environments environments, List<String> names) {
    try {
      for (var name : names) {
        environments.python(name);
      }
    } catch (IOException failure) {
      screen.say("  " + failure.getMessage() + "; the run tries by itself");
    } catch (InterruptedException leaving) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized void told(
      String environment, String phase, long done, long total, String unit) {
    var what = "  python %s: %s".formatted(environment, phase);
    if (total > 0 && done < total && !beside) {
      screen.live(bar(what, done, total, unit));
    } else if ((total == 0 || done >= total) && said.add(what)) {
      screen.say(total == 0 ? what : what + ", " + amount(total, unit));
    }
  }

  static String bar(String what, long done, long total, String unit) {
    int full = (int) (done * WIDTH / total);
    return "%s [%s%s] of %s"
        .formatted(what, "#".repeat(full), "-".repeat(WIDTH - full), amount(total, unit));
  }

  private static String amount(long total, String unit) {
    return unit.equals("bytes")
        ? String.format(Locale.ROOT, "%.0f MB", total / 1e6)
        : total + " " + unit;
  }
}
