package io.fettle.cli.demo;

import io.fettle.activities.programs.Environments;
import io.fettle.cli.local.Home;
import io.fettle.cli.view.Screen;
import io.fettle.workflows.spec.DeploySpec;
import io.fettle.workflows.spec.QuantizeSpec;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What is said before any work starts. */
final class Opening {
  /** Package mirrors give this much on an ordinary line; unpacking included. */
  private static final double BYTES_PER_SECOND = 15e6;

  /** The demo's spec on two cores, as measured. */
  private static final int RUN_MINUTES = 10;

  private final Home home;
  private final Screen screen;

  Opening(Home home, Screen screen) {
    this.home = home;
    this.screen = screen;
  }

  /** The Python environments that a spec needs, in the order in which its run needs them. */
  static List<String> environments(Spec spec) {
    var needed = new ArrayList<>(List.of("train"));
    if (spec.deploy().engine() != DeploySpec.Engine.TRANSFORMERS) {
      needed.add("serve");
    }
    if (spec.quantize().scheme() != QuantizeSpec.Scheme.NONE) {
      needed.add("quantize");
    }
    return List.copyOf(needed);
  }

  /**
   * @param ranBefore whether a run of this spec has ended, so that its steps may be reused
   */
  void say(Spec spec, Environments.Cost cost, boolean ranBefore) {
    screen.say("Fettle demo: %s".formatted(spec.name()));
    screen.say(
        "  machine    %s %s, %d cores, %s free on disk"
            .formatted(
                System.getProperty("os.name"),
                System.getProperty("os.arch"),
                Runtime.getRuntime().availableProcessors(),
                gigabytes(free())));
    screen.say(
        cost.downloadBytes() == 0
            ? "  download   nothing: tools and environments are there"
            : "  download   %s for the Python environments (%s on disk), once"
                .formatted(gigabytes(cost.downloadBytes()), gigabytes(cost.diskBytes())));
    screen.say("  time       " + guess(cost, ranBefore));
    screen.say(
        "  goes to    %s: tools/ and envs/ can be made again, state/ holds runs and models"
            .formatted(home.path()));
    screen.say(
        "             nothing else is written; `fettle down` stops it, `fettle clean` removes it");
    screen.say("");
  }

  static String guess(Environments.Cost cost, boolean ranBefore) {
    double download = cost.downloadBytes() / BYTES_PER_SECOND / 60;
    if (download < 1 && ranBefore) {
      return "a minute or two: finished steps are reused (--fresh does them again)";
    }
    return String.format(
        Locale.ROOT,
        "about %d minutes on 2 cores%s",
        RUN_MINUTES + Math.round(download),
        download < 1
            ? ""
            : String.format(Locale.ROOT, ", %d of them for the download", Math.round(download)));
  }

  private long free() {
    try {
      Files.createDirectories(home.path());
      return Files.getFileStore(home.path()).getUsableSpace();
    } catch (IOException e) {
      throw new UncheckedIOException("cannot use " + home.path(), e);
    }
  }

  static String gigabytes(long bytes) {
    return String.format(Locale.ROOT, "%.1f GB", bytes / 1e9);
  }
}
