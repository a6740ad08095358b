package io.fettle.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Stops everything of one home, in the order in which the least is lost. */
final class Shutdown {
  /** The supervisor drains its processes one after the other. */
  private static final Duration SUPERVISOR = Duration.ofSeconds(90);

  /** A trainer writes a checkpoint first. */
  private static final Duration TRAINER = Duration.ofSeconds(30);

  private static final Duration ENGINE = Duration.ofSeconds(10);

  private final Home home;

  Shutdown(Home home) {
    this.home = home;
  }

  /** What it stopped, in words. */
  List<String> run() throws IOException, InterruptedException {
    var stopped = new ArrayList<String>();
    var children = new StatusReader(home).children();
    Files.deleteIfExists(Supervisor.handover(home));
    var supervisor = SupervisorFile.ofLiving(home);
    supervisor.ifPresent(file -> file.id().stop(SUPERVISOR));
    // Usually gone with the supervisor; these outlived one that was killed.
    for (var child : children.reversed()) {
      if (child.id().isAlive() || supervisor.isPresent()) {
        child.id().stop(Supervisor.GRACE);
        stopped.add("%s (pid %d)".formatted(child.name(), child.pid()));
      }
    }
    for (var stray : Strays.agents(home)) {
      stray.stop(Supervisor.GRACE);
      stopped.add("agent of nobody (pid %d)".formatted(stray.pid()));
    }
    supervisor.ifPresent(file -> stopped.add("supervisor (pid %d)".formatted(file.pid())));
    stop(Orphan.steps(home), TRAINER, stopped);
    stop(Orphan.engines(home), ENGINE, stopped);
    return List.copyOf(stopped);
  }

  private static void stop(List<Orphan> orphans, Duration grace, List<String> stopped)
      throws IOException, InterruptedException {
    for (var orphan : orphans) {
      orphan.stop(grace);
      stopped.add("%s (pid %d)".formatted(orphan.name(), orphan.pid()));
    }
  }
}
