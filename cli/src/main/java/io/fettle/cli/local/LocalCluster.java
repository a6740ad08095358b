package io.fettle.cli.local;

import io.fettle.activities.disks.Folders;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.temporal.TemporalAway;
import io.fettle.activities.temporal.TemporalConnection;
import io.fettle.activities.temporal.TemporalOptions;
import io.fettle.cli.CommandFailure;
import io.fettle.cli.ExitCode;
import io.fettle.workflows.spec.Spec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The local processes of one {@code FETTLE_HOME}, as commands see them. What goes wrong is a {@link
 * CommandFailure} with its exit code.
 */
public final class LocalCluster {
  private static final Duration SUPERVISOR_START = Duration.ofSeconds(20);
  private static final Duration SERVER_START = Duration.ofSeconds(60);
  private static final Duration WORKER_START = Duration.ofMinutes(3);
  private static final Duration CONNECT = Duration.ofSeconds(10);

  private final Home home;
  private final Map<String, String> environment;
  private final TemporalSettings settings;
  private final Progress progress;

  public LocalCluster(Home home, Map<String, String> environment, Progress progress) {
    this.home = home;
    this.environment = Map.copyOf(environment);
    this.settings = new TemporalSettings(environment);
    this.progress = progress;
  }

  /** Of this process's environment. */
  public static LocalCluster current(Progress progress) {
    return new LocalCluster(Home.current(), System.getenv(), progress);
  }

  /**
   * Another home in that folder, with server, store and processes of its own; programs that this
   * home has are used, not fetched again.
   */
  public LocalCluster isolated(Path folder) throws InterruptedException {
    return isolated(folder, Map.of());
  }

  /** The same, with settings of its own: environment variables of all its processes. */
  public LocalCluster isolated(Path folder, Map<String, String> itsSettings)
      throws InterruptedException {
    var own = new HashMap<>(environment);
    own.keySet().removeIf(name -> name.startsWith("FETTLE_"));
    own.put("TEMPORAL_CLI", program().toString());
    own.put("FETTLE_PORTS", "any");
    own.putAll(itsSettings);
    return new LocalCluster(new Home(home.root(), folder), own, progress);
  }

  public Home home() {
    return home;
  }

  /** The object store that all processes of this home use. */
  public StoreAddress store() {
    return StoreAddress.of(home, environment);
  }

  /**
   * @throws CommandFailure with every path of the spec that a control plane elsewhere could not
   *     read
   */
  public void checkPlaces(Spec spec) {
    if (RemoteControl.isNamed(environment)) {
      RemoteControl.checkPlaces(spec, store().root(), environment);
    }
  }

  /**
   * Makes sure that server, control worker and supervisor run, and connects. Does nothing that is
   * done already; a server that the user configured is only connected to, and so is all of a
   * control plane elsewhere.
   *
   * @return the caller closes it
   */
  public TemporalConnection ensureUp() throws InterruptedException {
    if (RemoteControl.isNamed(environment)) {
      return remote();
    }
    try {
      var configured = settings.configured();
      if (configured.isPresent()) {
        connect(configured.get(), CONNECT).close(); // before anything starts that it would stop
      }
      var supervisor = supervisor(configured);
      var connection = connect(options(supervisor, configured), SERVER_START);
      awaitControl();
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot keep state in " + home.state(), e);
    }
  }

  private TemporalConnection remote() {
    var server = settings.configured().orElseThrow(RemoteControl::withoutServer);
    RemoteControl.checkStore(environment);
    if (SupervisorFile.ofLiving(home).isPresent() || controlIsUp()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "FETTLE_CONTROL is remote, but a control worker runs in %s too; run `fettle down` first"
              .formatted(home.path()));
    }
    var connection = connect(server, CONNECT);
    try {
      RemoteControl.check(connection);
      return connection;
    } catch (CommandFailure e) {
      connection.close();
      throw e;
    }
  }

  /**
   * Connects to the server of this home without starting anything.
   *
   * @return the caller closes it
   */
  public TemporalConnection connect() {
    var configured = settings.configured();
    var supervisor = SupervisorFile.ofLiving(home);
    if (configured.isEmpty() && supervisor.isEmpty()) {
      throw new CommandFailure(
          ExitCode.UNREACHABLE,
          "nothing runs in %s; start it with `fettle up`".formatted(home.path()));
    }
    return connect(
        configured.orElseGet(() -> options(supervisor.orElseThrow(), configured)), CONNECT);
  }

  /** What runs. */
  public LocalStatus status() {
    try {
      return new StatusReader(home).read();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What stands still and needs a person, a line each; empty where nothing runs. */
  public List<String> alarms() {
    var lines = new ArrayList<>(status().heldBack());
    if (SupervisorFile.ofLiving(home).isPresent() || settings.configured().isPresent()) {
      try (var connection = connect()) {
        lines.addAll(new StuckRuns(connection).find());
      } catch (CommandFailure e) {
        lines.add(String.valueOf(e.getMessage()));
      }
    }
    return List.copyOf(lines);
  }

  /** Where the {@code temporal} program is, unless it has yet to be fetched. */
  public Optional<Path> foundProgram() {
    return new TemporalBinary(home, environment, Progress.silent()).find();
  }

  /**
   * Drains and stops all but what is stored.
   *
   * @return what it stopped, in words
   */
  public List<String> down() throws InterruptedException {
    try {
      return new Shutdown(home).run();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * Deletes folders of this home whole.
   *
   * @return those that were there
   */
  public List<Path> delete(List<Path> folders) {
    var there = folders.stream().filter(Files::exists).toList();
    try {
      for (var folder : there) {
        Folders.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot delete all of " + there, e);
    }
    return there;
  }

  /** The base address of an endpoint; stable over deploys and restarts. */
  public Optional<URI> endpoint(String name) {
    return Optional.ofNullable(EndpointKeeper.ports(home).get(name))
        .map(port -> URI.create("http://127.0.0.1:" + port));
  }

  /** The Python environments of this home. */
  public Environments environments(Environments.Progress told) {
    var torch =
        Optional.ofNullable(environment.get("FETTLE_TORCH_INDEX"))
            .filter(named -> !named.isBlank());
    var programs = home.root().resolve("activities/programs");
    return new Environments(
        new Environments.Options(programs, home.path(), torch.map(URI::create)), told);
  }

  /**
   * Plays the cloud that wants a host back: gives it notice now, and takes it away at the window's
   * end.
   */
  public void giveNotice(String host, Duration window) {
    try {
      PoolHost.giveNotice(home, host, Instant.now(), window);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot give notice to " + host, e);
    }
  }

  private SupervisorFile supervisor(Optional<TemporalOptions> configured)
      throws IOException, InterruptedException {
    var living = SupervisorFile.ofLiving(home);
    var left = living.isEmpty() && controlIsUp(); // a supervisor's workers outlive it
    (left ? SupervisorFile.read(home) : living).ifPresent(file -> check(file, configured));
    if (living.isPresent()) {
      if (living.get().app().equals(JavaCommand.app())) {
        return living.get();
      }
      handOver(living.get());
    }
    var program = configured.isPresent() ? Optional.<Path>empty() : Optional.of(program());
    return spawn(program);
  }

  /** The {@code temporal} program of the embedded server; fetched if there is none yet. */
  public Path program() throws InterruptedException {
    return new TemporalBinary(home, environment, progress).findOrFetch();
  }

  private void check(SupervisorFile file, Optional<TemporalOptions> configured) {
    var other = file.otherThan(configured.map(TemporalOptions::address), store().root());
    if (other.isPresent()) {
      throw new CommandFailure(
          ExitCode.INVALID,
          "the processes of %s use %s; run `fettle down` first"
              .formatted(home.path(), other.get()));
    }
  }

  /** A rebuilt Fettle: its supervisor takes the server over as it runs and replaces the workers. */
  private void handOver(SupervisorFile old) throws IOException {
    Files.writeString(Supervisor.handover(home), old.app());
    old.id().stop(SUPERVISOR_START);
  }

  private SupervisorFile spawn(Optional<Path> program) throws IOException {
    Files.createDirectories(home.logs());
    var arguments = program.map(path -> List.of(path.toString())).orElseGet(List::of);
    var command = new ArrayList<>(detached());
    command.addAll(new JavaCommand(home).of(Supervisor.class.getName(), "96m", arguments));
    var log = home.logs().resolve("supervisor.log");
    var builder =
        new ProcessBuilder(command)
            .directory(home.state().toFile())
            .redirectErrorStream(true)
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectOutput(ProcessBuilder.Redirect.appendTo(log.toFile()));
    builder.environment().clear();
    builder.environment().putAll(environment);
    builder.start();
    if (!Waiting.until(SUPERVISOR_START, () -> SupervisorFile.ofLiving(home).isPresent())) {
      throw notStarted("the supervisor", SUPERVISOR_START, log);
    }
    return SupervisorFile.ofLiving(home).orElseThrow();
  }

  /** A session of its own, so that neither Ctrl-C nor a closed terminal reaches it. */
  private static List<String> detached() {
    if (Tool.onPath("setsid").isPresent()) {
      return List.of("setsid");
    }
    var program = "import os, sys; os.setsid(); os.execvp(sys.argv[1], sys.argv[1:])";
    return List.of("python3", "-c", program);
  }

  private TemporalOptions options(SupervisorFile supervisor, Optional<TemporalOptions> configured) {
    return configured.orElseGet(
        () -> TemporalOptions.plain(supervisor.address(), supervisor.namespace()));
  }

  private TemporalConnection connect(TemporalOptions options, Duration patience) {
    try {
      return TemporalConnection.open(options, patience);
    } catch (TemporalAway e) {
      throw new CommandFailure(ExitCode.UNREACHABLE, e.getMessage(), e);
    }
  }

  private void awaitControl() {
    if (!Waiting.until(WORKER_START, this::controlIsUp)) {
      throw notStarted("the control worker", WORKER_START, home.logs().resolve("control.log"));
    }
  }

  private boolean controlIsUp() {
    return ProcessFile.read(home, "control")
        .filter(file -> file.state() == ProcessFile.State.UP && file.id().isAlive())
        .filter(file -> file.app().equals(JavaCommand.app()) || isHeldBack())
        .isPresent();
  }

  /** Our build waits for runs that only the build before can go on with. */
  private boolean isHeldBack() {
    return ControlBuilds.heldBack(home)
        .filter(held -> held.app().equals(JavaCommand.app()))
        .isPresent();
  }

  private static CommandFailure notStarted(String what, Duration limit, Path log) {
    return new CommandFailure(
        ExitCode.PREREQUISITE_MISSING,
        "%s did not start within %d s; its log says why: %s"
            .formatted(what, limit.toSeconds(), log));
  }
}
