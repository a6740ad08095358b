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
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
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
   * @param owner keeps it alive until it {@link #leave leaves}
   * @param waiting told again and again while it starts
   */
  Running ensure(
      EngineFlags flags, Path model, String modelName, String owner, Consumer<String> waiting)
      throws IOException, InterruptedException, EngineFailure {
    String key = key(flags);
    endLeftAlive(key);
    Path python = environments.python(flags.kind().environment()); // may take minutes: not locked
    Running engine =
        locked(
            key,
            () -> {
              Optional<Running> alive = find(key);
              return alive.isPresent()
                  ? joined(alive.get(), owner)
                  : start(key, flags, python, model, modelName, owner);
            });
    awaitReady(engine, waiting);
    return engine;
  }

  private void endLeftAlive(String key) throws IOException, InterruptedException {
    Optional<Program> left =
        locked(key, () -> find(key).isPresent() ? Optional.empty() : leftAlive(key));
    if (left.isPresent()) {
      end(left.get());
    }
  }

  private static Running joined(Running engine, String owner) throws IOException {
    EngineRecord record = engine.record().with(owner);
    write(engine.program().workdir(), record);
    return new Running(record, engine.server(), engine.program());
  }

  String key(EngineFlags flags) throws IOException {
    return StepKey.of("engine", flags, environments.lockHash(flags.kind().environment()))
        .hash()
        .substring(0, 16);
  }

  /** The engine of that key, if its process lives and somebody owns it. */
  Optional<Running> find(String key) throws IOException {
    for (Path attempt : attempts(key)) {
      Optional<Program> program = Program.adopt(attempt);
      if (program.isPresent() && program.get().alive() && Files.exists(attempt.resolve(RECORD))) {
        EngineRecord record =
            Wire.mapper().readValue(attempt.resolve(RECORD).toFile(), EngineRecord.class);
        if (!record.isLeft()) {
          return Optional.of(running(record, program.get()));
        }
      }
    }
    return Optional.empty();
  }

  /** Those that live and are owned by this one. */
  List<Running> of(String owner) throws IOException {
    List<Running> owned = new ArrayList<>();
    for (String key : keys()) {
      find(key).filter(engine -> engine.record().owners().contains(owner)).ifPresent(owned::add);
    }
    return owned;
  }

  private Running start(
      String key, EngineFlags flags, Path python, Path model, String modelName, String owner)
      throws IOException, InterruptedException {
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
            List.of(owner));
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

  /** Of every engine that it owns; those that it was the last of are stopped, all at once. */
  void leaveAll(String owner) throws IOException, InterruptedException {
    List<Program> stopping = new ArrayList<>();
    for (String key : keys()) {
      left(key, owner).ifPresent(stopping::add);
    }
    for (Program program : stopping) {
      end(program);
    }
  }

  /** One owner goes; with the last one the engine is stopped. One that is gone is no error. */
  void leave(String key, String owner) throws IOException, InterruptedException {
    Optional<Program> stopping = left(key, owner);
    if (stopping.isPresent()) {
      end(stopping.get());
    }
  }

  /** The engine's process, asked to end, if that was the last owner. */
  private Optional<Program> left(String key, String owner)
      throws IOException, InterruptedException {
    return locked(
        key,
        () -> {
          Optional<Running> engine = find(key);
          if (engine.isEmpty()) {
            return leftAlive(key); // whoever ended it did not live to see it end
          }
          if (!engine.get().record().owners().contains(owner)) {
            return Optional.empty();
          }
          EngineRecord rest = engine.get().record().without(owner);
          Program program = engine.get().program();
          write(program.workdir(), rest);
          log.info("engine {} was left by {}; still used by {}", key, owner, rest.owners());
          if (!rest.isLeft()) {
            return Optional.empty();
          }
          program.signal(Program.Signal.TERM);
          return Optional.of(program);
        });
  }

  /** A process of that key that lives on without an owner. */
  private Optional<Program> leftAlive(String key) throws IOException, InterruptedException {
    for (Path attempt : attempts(key)) {
      Optional<Program> program = Program.adopt(attempt);
      if (program.isPresent() && program.get().alive()) {
        program.get().signal(Program.Signal.TERM);
        return program;
      }
    }
    return Optional.empty();
  }

  /** Kills the group of an engine that does not end when it is asked. */
  private static void end(Program program) throws IOException, InterruptedException {
    if (program.await(GRACE).isEmpty()) {
      program.kill();
    }
  }

  @FunctionalInterface
  private interface Work<T> {
    T run() throws IOException, InterruptedException;
  }

  /** One at a time decides on an engine: among the threads here, and among the agents beside. */
  private <T> T locked(String key, Work<T> work) throws IOException, InterruptedException {
    Files.createDirectories(folder);
    synchronized (Engines.class) {
      try (FileChannel file =
              FileChannel.open(
                  folder.resolve(key + ".lock"),
                  StandardOpenOption.CREATE,
                  StandardOpenOption.WRITE);
          FileLock _ = file.lock()) {
        return work.run();
      }
    }
  }

  private List<String> keys() throws IOException {
    return names(folder).stream().filter(name -> Files.isDirectory(folder.resolve(name))).toList();
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
