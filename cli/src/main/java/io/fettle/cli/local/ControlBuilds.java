package io.fettle.cli.local;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which build the control worker runs: ours, unless it found at its start that an open run does not
 * replay on it. Then it is the last one that polled, whose jars are kept.
 */
final class ControlBuilds {
  private static final Logger LOG = LoggerFactory.getLogger(ControlBuilds.class);

  private static final String UNCHECKED = "--control.replay=false";

  private final Home home;
  private final Workers workers;

  ControlBuilds(Home home, Workers workers) {
    this.home = home;
    this.workers = workers;
  }

  /** The last build that polled. */
  record Good(String app, String classPath) {}

  /** What a control worker that refused to poll left behind. */
  record Refusal(long pid, List<Run> runs) {}

  /** A run that a build cannot go on with. */
  record Run(String run, String reason) {}

  /** A build that is kept from polling, and by which runs. */
  record HeldBack(String app, List<Run> runs) {}

  ChildSpec ours() {
    return workers.control(JavaCommand.app(), JavaCommand.classPath(), List.of());
  }

  static Optional<HeldBack> heldBack(Home home) {
    return JsonFile.read(home.state().resolve("held-back.json"), HeldBack.class);
  }

  /** Remembers a build that polls, and that ours is no longer held back once it does. */
  void noteGood(Child control) throws IOException {
    if (!control.isUp()) {
      return;
    }
    var app = control.spec().app();
    if (good().filter(known -> known.app().equals(app)).isEmpty()) {
      JsonFile.write(
          goodFile(home), new Good(app, JavaCommand.classPath(control.spec().command())));
    }
    if (app.equals(JavaCommand.app()) && !control.spec().command().contains(UNCHECKED)) {
      Files.deleteIfExists(heldBackFile());
    }
  }

  /** What to run instead, once our build has refused. */
  Optional<ChildSpec> instead() throws IOException {
    var refusal = JsonFile.read(refusalFile(), Refusal.class);
    if (refusal.isEmpty()) {
      return Optional.empty();
    }
    Files.deleteIfExists(refusalFile());
    JsonFile.write(heldBackFile(), new HeldBack(JavaCommand.app(), refusal.get().runs()));
    var before = good().filter(good -> !good.app().equals(JavaCommand.app())).filter(this::isThere);
    LOG.error(
        "this build does not replay {}; going on with {}",
        refusal.get().runs(),
        before.map(good -> "build " + good.app()).orElse("it all the same: no other is kept"));
    return Optional.of(
        before
            .map(good -> workers.control(good.app(), good.classPath(), List.of()))
            .orElseGet(
                () ->
                    workers.control(
                        JavaCommand.app(), JavaCommand.classPath(), List.of(UNCHECKED))));
  }

  private boolean isThere(Good good) {
    var first = good.classPath().split(java.io.File.pathSeparator, 2)[0];
    return Files.exists(
        Path.of(first.endsWith("*") ? first.substring(0, first.length() - 1) : first));
  }

  /** The build to fall back on, whether or not anything runs now. */
  static Optional<Good> lastGood(Home home) {
    return JsonFile.read(goodFile(home), Good.class);
  }

  private Optional<Good> good() {
    return lastGood(home);
  }

  private static Path goodFile(Home home) {
    return home.state().resolve("control-build.json");
  }

  private Path heldBackFile() {
    return home.state().resolve("held-back.json");
  }

  private Path refusalFile() {
    return home.processes().resolve("control.ready.refused");
  }
}
