package io.fettle.cli.local;

import io.fettle.cli.local.ProcessFile.State;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One supervised process: started or adopted, watched, and restarted with back-off. One thread
 * drives it.
 */
final class Child {
  private static final Logger LOG = LoggerFactory.getLogger(Child.class);
  private static final Duration FIRST_PAUSE = Duration.ofMillis(200);

  /** Between a death and the next start, where nothing else is set. */
  static final Duration LONGEST_PAUSE = Duration.ofSeconds(30);

  /** A process that lived this long is healthy again: its next death is a first one. */
  private static final Duration HEALTHY = Duration.ofSeconds(60);

  private static final long LOG_LIMIT_BYTES = 64L << 20;

  private final Home home;
  private final ChildSpec spec;
  private final Duration longestPause;
  private State state = State.BACKING_OFF;
  private @Nullable ProcessId process;
  private long sinceNanos = System.nanoTime();
  private Duration pause = Duration.ZERO;
  private int deaths;
  private int restarts;

  Child(Home home, ChildSpec spec, Duration longestPause) {
    this.home = home;
    this.spec = spec;
    this.longestPause = longestPause;
  }

  ChildSpec spec() {
    return spec;
  }

  boolean isUp() {
    return state == State.UP;
  }

  /**
   * Takes over a process that outlived the supervisor before; one of another build is asked to end
   * first.
   */
  void adopt() throws IOException {
    var file = ProcessFile.read(home, spec.name()).filter(found -> found.id().isAlive());
    if (file.isEmpty()) {
      return;
    }
    if (!file.get().app().equals(spec.app())) {
      LOG.info("{}: replacing build {} by {}", spec.name(), file.get().app(), spec.app());
      file.get().id().stop(Supervisor.GRACE);
      return;
    }
    process = file.get().id();
    restarts = file.get().restarts();
    enter(State.STARTING);
    LOG.info("{}: adopted pid {}", spec.name(), file.get().pid());
  }

  /** Looks once, and does what is due. */
  void tick() throws IOException {
    switch (state) {
      case STARTING -> watchStart();
      case UP -> watch();
      case BACKING_OFF -> startIfDue();
      case STOPPED -> {}
    }
  }

  private void watchStart() throws IOException {
    if (isDead()) {
      died();
    } else if (process != null && spec.ready().test(process)) {
      enter(State.UP);
      LOG.info("{}: up, pid {}", spec.name(), process.pid());
    }
  }

  private void watch() throws IOException {
    if (isDead()) {
      died();
    } else if (age().compareTo(HEALTHY) > 0) {
      deaths = 0;
    }
  }

  private boolean isDead() {
    return process == null || !process.isAlive();
  }

  private void died() throws IOException {
    pause = FIRST_PAUSE.multipliedBy(1L << Math.min(deaths, 10));
    pause = pause.compareTo(longestPause) > 0 ? longestPause : pause;
    deaths++;
    restarts++;
    enter(State.BACKING_OFF);
    LOG.warn("{}: died (death {}); next start in {}; log {}", spec.name(), deaths, pause, log());
  }

  private void startIfDue() throws IOException {
    if (age().compareTo(pause) < 0 || (spec.port() != 0 && !Ports.isFree(spec.port()))) {
      return;
    }
    Files.createDirectories(home.logs());
    rotate(log());
    var builder =
        new ProcessBuilder(spec.command())
            .directory(home.state().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log().toFile()));
    builder.environment().putAll(spec.environment());
    process = ProcessId.of(builder.start().toHandle());
    enter(State.STARTING);
    LOG.info("{}: started pid {}", spec.name(), process.pid());
  }

  /** Asks it to end, waits, and kills what is left. It is not started again. */
  void stop(Duration grace) throws IOException {
    if (process != null) {
      process.stop(grace);
    }
    enter(State.STOPPED);
  }

  /** Ends it at once, as a cloud takes a machine away. It is not started again. */
  void kill() throws IOException {
    if (process != null) {
      process.killTree();
    }
    enter(State.STOPPED);
  }

  private Duration age() {
    return Duration.ofNanos(System.nanoTime() - sinceNanos);
  }

  private void enter(State next) throws IOException {
    state = next;
    sinceNanos = System.nanoTime();
    var pid = process == null ? 0 : process.pid();
    var startedAt = process == null ? Instant.EPOCH : process.startedAt();
    new ProcessFile(spec.name(), pid, startedAt, spec.port(), log(), state, spec.app(), restarts)
        .write(home);
  }

  private Path log() {
    return home.logs().resolve(spec.name() + ".log");
  }

  private static void rotate(Path log) throws IOException {
    if (Files.exists(log) && Files.size(log) > LOG_LIMIT_BYTES) {
      Files.move(log, Path.of(log + ".1"), StandardCopyOption.REPLACE_EXISTING);
    }
  }
}
