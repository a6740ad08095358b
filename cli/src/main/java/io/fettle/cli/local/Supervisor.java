package io.fettle.cli.local;

import io.fettle.activities.temporal.TemporalOptions;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Owns the local processes: the server, the control worker, an agent for each host of the pool, the
 * endpoints' addresses. Runs detached, once a {@code FETTLE_HOME}. Its own death stops nothing; the
 * next supervisor adopts what still runs.
 */
public final class Supervisor {
  private static final Logger LOG = LoggerFactory.getLogger(Supervisor.class);
  private static final long TICK_MILLIS = 100;

  /** Longer than the workers' own drains. */
  static final Duration GRACE = Duration.ofSeconds(12);

  private static final Duration BETWEEN_STRAYS = Duration.ofSeconds(20);

  private final Home home;
  private final Duration longestPause;
  private final Optional<Path> program;
  private final Workers workers;
  private final ControlBuilds builds;
  private final TemporalOptions server;
  private final Map<String, Child> children = new LinkedHashMap<>();
  private final @Nullable EmbeddedServer embedded;
  private long straysSoughtAt = System.nanoTime();
  private volatile boolean stopping;

  private Supervisor(
      Home home, TemporalSettings settings, Duration longestPause, Optional<Path> program)
      throws IOException {
    this.home = home;
    this.longestPause = longestPause;
    this.program = program;
    var configured = settings.configured();
    this.embedded = configured.isPresent() ? null : embedded(settings.namespace());
    this.server =
        configured.orElseGet(
            () ->
                TemporalOptions.plain(
                    java.util.Objects.requireNonNull(embedded).address(), settings.namespace()));
    this.workers = new Workers(home, server, settings.agentAddress());
    this.builds = new ControlBuilds(home, workers);
  }

  /** With one argument, the {@code temporal} binary; with none where the server is not ours. */
  public static void main(String[] args) throws IOException {
    var home = Home.current();
    Files.createDirectories(home.state());
    try (var channel =
        FileChannel.open(
            home.state().resolve("supervisor.lock"),
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE)) {
      if (channel.tryLock() == null) {
        LOG.info("another supervisor owns {}", home.path());
        return;
      }
      var program = args.length == 0 ? Optional.<Path>empty() : Optional.of(Path.of(args[0]));
      new Supervisor(home, new TemporalSettings(System.getenv()), longestPause(), program).run();
    }
  }

  /** Between a death and the next start: {@code FETTLE_LONGEST_PAUSE}, as {@code PT1.5S}. */
  private static Duration longestPause() {
    var named = System.getenv("FETTLE_LONGEST_PAUSE");
    return named == null || named.isBlank() ? Child.LONGEST_PAUSE : Duration.parse(named);
  }

  private void run() throws IOException {
    var main = Thread.currentThread();
    Runtime.getRuntime().addShutdownHook(new Thread(() -> stopAndWait(main)));
    Files.deleteIfExists(handover(home));
    writeSelf();
    try (var endpoints = new EndpointKeeper(home)) {
      endpoints.start();
      while (!stopping) {
        tick();
        Thread.sleep(TICK_MILLIS);
      }
    } catch (InterruptedException e) {
      LOG.info("interrupted");
    }
    if (!Files.exists(handover(home))) {
      drain();
    }
    Files.deleteIfExists(home.supervisorFile());
  }

  private void stopAndWait(Thread main) {
    stopping = true;
    try {
      main.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** One look at everything. A file that cannot be read or written now is looked at again. */
  private void tick() throws InterruptedException {
    try {
      takeAway();
      for (var spec : desired()) {
        if (!children.containsKey(spec.name())) {
          var child = new Child(home, spec, longestPause);
          children.put(spec.name(), child);
          child.adopt();
        }
      }
      for (var child : children.values()) {
        child.tick();
      }
      endStrays();
      watchBuild();
    } catch (IOException e) {
      LOG.error("cannot look after the processes; trying again", e);
    }
  }

  private void watchBuild() throws IOException {
    var control = children.get("control");
    if (control != null) {
      builds.noteGood(control);
      builds
          .instead()
          .ifPresent(spec -> children.put("control", new Child(home, spec, longestPause)));
    }
  }

  /** Plays the cloud: hosts whose notice has run out lose all at once; those not wanted drain. */
  private void takeAway() throws IOException, InterruptedException {
    for (var host : PoolHost.all(home)) {
      if (host.isDue(Instant.now())) {
        kill(host); // before it is said to be gone
        host.markTerminated(home);
      } else if (!host.shouldRun()) {
        retire(host);
      }
    }
  }

  private void kill(PoolHost host) throws IOException, InterruptedException {
    LOG.info("{}: its notice has run out; taken away", host.host());
    var agent = children.get(host.agent());
    if (agent != null) {
      agent.kill();
      children.remove(host.agent());
    } else {
      ProcessFile.read(home, host.agent()).map(ProcessFile::id).ifPresent(ProcessId::killTree);
    }
    for (var program : Orphan.of(home, host.host())) {
      program.kill();
    }
  }

  private void retire(PoolHost host) throws IOException {
    var agent = children.remove(host.agent());
    if (agent != null) {
      LOG.info("{}: no longer wanted; draining its agent", host.host());
      agent.stop(GRACE);
    }
  }

  /** No host has two agents for long, and no agent is nobody's. */
  private void endStrays() throws IOException {
    if (System.nanoTime() - straysSoughtAt < BETWEEN_STRAYS.toNanos()) {
      return;
    }
    straysSoughtAt = System.nanoTime();
    for (var stray : Strays.agents(home)) {
      LOG.warn("agent pid {} is nobody's; draining it", stray.pid());
      stray.stop(GRACE);
    }
  }

  private List<ChildSpec> desired() throws IOException {
    var specs = new ArrayList<ChildSpec>();
    if (embedded != null) {
      specs.add(embedded.spec());
      var child = children.get("temporal");
      if (child == null || !(child.isUp() || children.size() > 1)) {
        return specs; // workers come once the server answers, and then stay over its restarts
      }
    }
    specs.add(builds.ours());
    for (var host : PoolHost.all(home)) {
      if (host.shouldRun()) {
        specs.add(workers.agent(host));
      }
    }
    return specs;
  }

  /** Workers first, so that they can still report; the server last. */
  private void drain() throws IOException {
    LOG.info("draining");
    var order = new ArrayList<>(children.values()).reversed();
    for (var child : order) {
      child.stop(GRACE);
    }
    LOG.info("all stopped");
  }

  private EmbeddedServer embedded(String namespace) throws IOException {
    var binary =
        program.orElseThrow(
            () -> new CommandFailure(ExitCode.INVALID, "the supervisor needs the temporal binary"));
    var running = ProcessFile.read(home, "temporal").filter(file -> file.id().isAlive());
    var before = SupervisorFile.read(home).flatMap(file -> Optional.ofNullable(file.ui()));
    int uiBefore =
        before.isPresent()
            ? java.net.URI.create(before.get()).getPort()
            : firstPort(EmbeddedServer.USUAL_UI_PORT);
    var last = ProcessFile.read(home, "temporal").map(ProcessFile::port);
    int port =
        running.isPresent()
            ? running.get().port()
            : Ports.freeOr(last.isPresent() ? last.get() : firstPort(EmbeddedServer.USUAL_PORT));
    int uiPort = running.isPresent() ? uiBefore : Ports.freeOr(uiBefore);
    var file = home.state().resolve("temporal.db");
    return new EmbeddedServer(binary, file, namespace, port, uiPort, Ports.any());
  }

  /** {@code FETTLE_PORTS=any}: homes that start at the same moment do not take the same one. */
  private static int firstPort(int usual) throws IOException {
    return "any".equals(System.getenv("FETTLE_PORTS")) ? Ports.any() : usual;
  }

  private void writeSelf() throws IOException {
    var self = ProcessId.of(ProcessHandle.current());
    JsonFile.write(
        home.supervisorFile(),
        new SupervisorFile(
            self.pid(),
            self.startedAt(),
            JavaCommand.app(),
            server.address(),
            server.namespace(),
            embedded != null,
            StoreAddress.of(home, System.getenv()).root().toString(),
            embedded == null ? null : embedded.ui()));
  }

  /** While this file is there a supervisor that ends leaves its processes to the next one. */
  static Path handover(Home home) {
    return home.state().resolve("supervisor.handover");
  }
}
