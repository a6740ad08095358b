package io.fettle.activities.programs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.Stores;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * The Python environments of the programs, each made once from its lock into {@code
 * envs/{name}-{lock hash}}. Several processes may ask at once: one makes, the others wait and see
 * its progress. A half-made environment is made again.
 */
public final class Environments {
  private final Options options;
  private final Progress progress;

  /**
   * Where things are.
   *
   * @param programs the folder of the programs, {@code {checkout}/activities/programs}
   * @param home FETTLE_HOME
   * @param torchIndex an index that has torch built for the CPU alone, which saves 4 GB; its torch
   *     is trusted by name and version, not by hash, and other hashes of the environment follow
   */
  public record Options(Path programs, Path home, Optional<URI> torchIndex) {
    /** The usual places, and torch from the usual index. */
    public static Options of(Path checkout, Path home) {
      return new Options(checkout.resolve("activities/programs"), home, Optional.empty());
    }
  }

  /** Told of what takes long; called often, from the thread that asked. */
  @FunctionalInterface
  public interface Progress {
    /**
     * Work has moved on.
     *
     * @param phase what is done now, such as {@code download torch}
     * @param total 0 if it is not known
     * @param unit {@code bytes} or {@code packages}
     */
    void on(String environment, String phase, long done, long total, String unit);
  }

  /**
   * One run of a program of ours, to its end.
   *
   * @param config becomes {@code config.json}
   * @param workdir the program's own folder, not used before
   */
  public record Call(String environment, String module, String verb, Object config, Path workdir) {}

  /** What making environments costs, once. */
  public record Cost(long downloadBytes, long diskBytes) {}

  public Environments(Options options, Progress progress) {
    this.options = options;
    this.progress = progress;
  }

  /** For callers that tell nobody. */
  public Environments(Options options) {
    this(options, (environment, phase, done, total, unit) -> {});
  }

  /**
   * The environment's Python, made first if it is missing.
   *
   * @throws IOException a sentence, if it cannot be made: what failed, and what to do
   */
  public Path python(String name) throws IOException, InterruptedException {
    Path folder = folder(name);
    if (!isComplete(folder)) {
      refuseFullDisk(name);
      new EnvironmentMaker(options, name, folder, progress).make();
    }
    return folder.resolve("bin/python");
  }

  /** The hash that stands for the environment in the input hash of a step. */
  public String lockHash(String name) throws IOException {
    Path lock = Lock.of(options.programs(), name).file();
    if (options.torchIndex().isEmpty()) {
      return Stores.sha256(lock);
    }
    String both = Files.readString(lock) + "# torch from " + options.torchIndex().get() + "\n";
    return Stores.sha256(both.getBytes(StandardCharsets.UTF_8));
  }

  /** Whether {@link #python} would answer at once. */
  public boolean isMade(String name) throws IOException {
    return isComplete(folder(name));
  }

  /**
   * A program of ours: {@code python -m module arguments} in the named environment, which is made
   * first if it is missing. Nothing of the user's own Python gets in, and no hub is asked.
   */
  public Program.Spec module(String name, Path workdir, String module, List<String> arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(python(name).toString(), "-m", module));
    command.addAll(arguments);
    return new Program.Spec(command, workdir, variables());
  }

  /** What every program of ours is started with; an engine adds its own. */
  public Map<String, String> variables() throws IOException {
    Map<String, String> environment = new HashMap<>();
    environment.put("PYTHONPATH", sources());
    environment.put("PYTHONNOUSERSITE", "1");
    environment.put("PYTHONUNBUFFERED", "1");
    environment.put("PYTHONDONTWRITEBYTECODE", ""); // else torch compiles at each start
    environment.put("OMP_WAIT_POLICY", "passive"); // spinning threads starve the engine beside them
    environment.put("HF_HUB_OFFLINE", "1");
    environment.put("DO_NOT_TRACK", "1");
    return environment;
  }

  /**
   * Runs a program of ours to its end, and kills it where this thread is interrupted.
   *
   * @param told of the program's own progress
   * @return what it wrote to {@code result.json}
   * @throws io.temporal.failure.ApplicationFailure of the type that its exit code stands for, with
   *     its own reason
   */
  public JsonNode run(Call call, Progress told) throws IOException, InterruptedException {
    return new ProgramRun(this, call, told).result();
  }

  /**
   * What making those of the named environments costs that are not there yet; packages that they
   * share count once.
   */
  public Cost cost(List<String> names) throws IOException {
    List<Lock> missing = new ArrayList<>();
    for (String name : names) {
      if (!isMade(name)) {
        missing.add(Lock.of(options.programs(), name));
      }
    }
    return Sizes.read(options.programs()).of(missing, options.torchIndex().isPresent());
  }

  /** Where the log of a program that failed is kept. */
  Path logs() {
    return options.home().resolve("state").resolve("logs");
  }

  private Path folder(String name) throws IOException {
    return options.home().resolve("envs").resolve(name + "-" + lockHash(name).substring(0, 12));
  }

  static boolean isComplete(Path folder) {
    return Files.exists(folder.resolve(".complete"))
        && Files.isExecutable(folder.resolve("bin/python"));
  }

  private String sources() throws IOException {
    try (Stream<Path> programs = Files.list(options.programs())) {
      return programs
          .map(program -> program.resolve("src"))
          .filter(Files::isDirectory)
          .map(source -> source.toAbsolutePath().toString())
          .sorted()
          .collect(Collectors.joining(":"));
    }
  }

  private void refuseFullDisk(String name) throws IOException {
    Files.createDirectories(options.home());
    long free = Files.getFileStore(options.home()).getUsableSpace();
    long needed = cost(List.of(name)).diskBytes();
    if (free < needed) {
      throw new IOException(
          "the Python environment %s needs %.1f GB and %s has %.1f GB free; free some space, or set FETTLE_HOME"
                  .formatted(name, needed / 1e9, options.home(), free / 1e9)
              + " to a larger disk");
    }
  }
}
