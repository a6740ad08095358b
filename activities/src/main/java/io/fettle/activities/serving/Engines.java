package io.fettle.activities.serving;

import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.serving.ModelServer.EngineFailure;
import io.fettle.activities.steps.StepKey;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The engines of this machine, a folder each: started once for equal flags, adopted by whoever asks
 * next.
 */
final class Engines {
  private static final Logger log = LoggerFactory.getLogger(Engines.class);
  private static final Duration START = Duration.ofMinutes(12);
  private static final Duration LOOK = Duration.ofMillis(500);
  private static final Duration GRACE = Duration.ofSeconds(15);
  private static final String RECORD = "engine.json";

  private final Path folder;
  private final Environments environments;

  Engines(Path folder, Environments environments) {
    this.folder = folder;
    this.environments = environments;
  }

  /** An engine that may be asked. */
  record Running(EngineRecord record, OpenAiServer server, Program program) {}

  /**
   * The engine with these flags, ready: it has generated a token.
   *
   * @param model the model's folder; it must stay while the engine lives
   * @param owner who may stop it, if it has to be started
   * @param waiting told again and again while it starts
   */
  Running ensure(
      EngineFlags flags, Path model, String modelName, String owner, Consumer<String> waiting)
      throws IOException, InterruptedException, EngineFailure {
    String key = key(flags);
    Optional<Running> alive = find(key);
    Running engine = alive.isPresent() ? alive.get() : start(key, flags, model, modelName, owner);
    awaitReady(engine, waiting);
    return engine;
  }

  String key(EngineFlags flags) throws IOException {
    return StepKey.of("engine", flags, environments.lockHash(flags.kind().environment()))
        .hash()
        .substring(0, 16);
  }

  /** The engine of that key, if its process lives. */
  Optional<Running> find(String key) throws IOException {
    for (Path attempt : attempts(key)) {
      Optional<Program> program = Program.adopt(attempt);
      if (program.isPresent() && program.get().alive() && Files.exists(attempt.resolve(RECORD))) {
        EngineRecord record =
            Wire.mapper().readValue(attempt.resolve(RECORD).toFile(), EngineRecord.class);
        return Optional.of(running(record, program.get()));
      }
    }
    return Optional.empty();
  }

  private Running start(String key, EngineFlags flags, Path model, String modelName, String owner)
      throws IOException, InterruptedException {
    Path python = environments.python(flags.kind().environment());
    int port = freePort();
    Path attempt =
        Files.createDirectories(folder.resolve(key))
            .resolve(Integer.toString(attempts(key).size() + 1));
    Files.createDirectories(attempt);
    EngineRecord record =
        new EngineRecord(
            key,
            port,
            flags.kind().name().toLowerCase(java.util.Locale.ROOT),
            flags.requestName(model, modelName),
            owner);
    write(attempt, record);
    log.info("engine {} starts on port {} for {}", key, port, owner);
    Map<String, String> variables = environments.variables();
    variables.putAll(flags.environmentVariables());
    Program program =
        Program.start(
            new Program.Spec(flags.command(python, model, modelName, port), attempt, variables));
    return running(record, program);
  }

  private static Running running(EngineRecord record, Program program) {
    URI url = URI.create("http://127.0.0.1:" + record.port());
    return new Running(
        record,
        new OpenAiServer(url, record.engine(), record.modelName(), program.stderr()),
        program);
  }

  private static void awaitReady(Running engine, Consumer<String> waiting)
      throws IOException, InterruptedException, EngineFailure {
    long deadline = System.nanoTime() + START.toNanos();
    while (!engine.server().generates()) {
      if (!engine.program().alive()) {
        throw new EngineFailure(
            "%s ended while it started: %s; its log is %s"
                .formatted(
                    engine.record().engine(),
                    lastWords(engine.program()),
                    engine.program().stderr()));
      }
      if (System.nanoTime() > deadline) {
        throw new EngineFailure(
            "%s generated no token within %s; its log is %s"
                .formatted(engine.record().engine(), START, engine.program().stderr()));
      }
      waiting.accept("engine " + engine.record().key() + " starts");
      Thread.sleep(LOOK);
    }
  }

  private static String lastWords(Program program) throws IOException {
    if (!Files.exists(program.stderr())) {
      return "no word";
    }
    try (Stream<String> lines =
        Files.lines(program.stderr(), java.nio.charset.StandardCharsets.ISO_8859_1)) {
      return lines
          .filter(line -> line.contains("Error"))
          .reduce((first, second) -> second)
          .orElse("no error in its log");
    }
  }

  /** Hands an engine to another owner, who alone may stop it from then on. */
  void own(String key, String owner) throws IOException {
    Optional<Running> engine = find(key);
    if (engine.isPresent()) {
      write(engine.get().program().workdir(), engine.get().record().ownedBy(owner));
    }
  }

  /** Stops every engine of that owner; all are asked before the first is waited for. */
  void stopOwnedBy(String owner) throws IOException, InterruptedException {
    List<String> owned = new ArrayList<>();
    for (String key : keys()) {
      Optional<Running> engine = find(key);
      if (engine.isPresent() && engine.get().record().owner().equals(owner)) {
        engine.get().program().signal(Program.Signal.TERM);
        owned.add(key);
      }
    }
    for (String key : owned) {
      stop(key);
    }
  }

  /** Asks the engine to end, and kills its group if it does not; one that is gone is no error. */
  void stop(String key) throws IOException, InterruptedException {
    Optional<Running> engine = find(key);
    if (engine.isEmpty()) {
      return;
    }
    Program program = engine.get().program();
    log.info("engine {} of {} is stopped", key, engine.get().record().owner());
    program.signal(Program.Signal.TERM);
    if (program.await(GRACE).isEmpty()) {
      program.kill();
    }
  }

  private List<String> keys() throws IOException {
    return names(folder);
  }

  private List<Path> attempts(String key) throws IOException {
    return names(folder.resolve(key)).stream().map(folder.resolve(key)::resolve).toList();
  }

  private static List<String> names(Path parent) throws IOException {
    if (!Files.isDirectory(parent)) {
      return List.of();
    }
    try (Stream<Path> children = Files.list(parent)) {
      return new ArrayList<>(
          children.map(child -> child.getFileName().toString()).sorted().toList());
    }
  }

  private static void write(Path attempt, EngineRecord record) throws IOException {
    Path temporary = Files.createTempFile(attempt, RECORD, ".tmp");
    Files.write(temporary, Wire.mapper().writeValueAsBytes(record));
    Files.move(temporary, attempt.resolve(RECORD), StandardCopyOption.ATOMIC_MOVE);
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }
}
