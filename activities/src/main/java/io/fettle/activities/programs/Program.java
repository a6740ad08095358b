package io.fettle.activities.programs;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * A command that runs in a work directory of its own, under a shim in a session of its own, and
 * outlives the process that started it. Whoever knows the directory can adopt it.
 *
 * <p>The directory holds {@code process.json} (pid and start), {@code stdout.log}, {@code
 * stderr.log} and, at the end, {@code exit.json}. A directory serves one command once; a repeated
 * start adopts.
 */
public final class Program {
  private static final Duration POLL = Duration.ofMillis(50);

  private final Path workdir;
  private final ProcessIdentity command;
  private final ProcessIdentity shim;

  private Program(Path workdir, ProcessIdentity command, ProcessIdentity shim) {
    this.workdir = workdir;
    this.command = command;
    this.shim = shim;
  }

  /**
   * What to run.
   *
   * @param command the program and its arguments, found on the PATH unless absolute
   * @param workdir the command's own folder and current directory; made if it is missing
   * @param environment set on top of this process's own environment
   */
  public record Spec(List<String> command, Path workdir, Map<String, String> environment) {
    public Spec {
      command = List.copyOf(command);
      environment = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(environment));
    }

    /** The same with more variables. */
    public Spec with(Map<String, String> more) {
      Map<String, String> all = new LinkedHashMap<>(environment);
      all.putAll(more);
      return new Spec(command, workdir, all);
    }
  }

  /** Signals that a program may be asked with; {@link #kill} is no request. */
  public enum Signal {
    TERM,
    USR1,
    USR2,
    QUIT
  }

  /** How a command ended. */
  public sealed interface Exit {
    /** It returned. {@code outOfMemory}: the kernel killed something of its cgroup meanwhile. */
    record Returned(int code, boolean outOfMemory, Instant endedAt) implements Exit {}

    /**
     * A signal ended it. {@code outOfMemory}: the kernel killed something of its cgroup meanwhile.
     */
    record Killed(int signal, boolean outOfMemory, Instant endedAt) implements Exit {}

    /**
     * It is gone, and so is its shim, without a record: the machine rebooted, or both were killed.
     */
    record Vanished(String reason) implements Exit {}
  }

  /**
   * Starts the command, or adopts what was started in its work directory before, alive or not.
   *
   * @throws IOException a sentence, if it cannot be started
   */
  public static Program start(Spec spec) throws IOException, InterruptedException {
    return new Shim(spec).start();
  }

  /** The program that was started in a work directory, if any; it may have ended since. */
  public static Optional<Program> adopt(Path workdir) throws IOException {
    Path file = workdir.resolve("process.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode process = decoded(file);
    String boot = process.path("bootId").asText();
    return Optional.of(
        new Program(
            workdir,
            new ProcessIdentity(
                boot, process.path("pid").asLong(), process.path("startTicks").asLong()),
            new ProcessIdentity(
                boot, process.path("shimPid").asLong(), process.path("shimStartTicks").asLong())));
  }

  public Path workdir() {
    return workdir;
  }

  public long pid() {
    return command.pid();
  }

  public Path stdout() {
    return workdir.resolve("stdout.log");
  }

  public Path stderr() {
    return workdir.resolve("stderr.log");
  }

  /** Whether the command itself still runs. */
  public boolean alive() throws IOException {
    return command.isAlive();
  }

  /** How the command ended; empty while it runs or its shim is still writing the record. */
  public Optional<Exit> exit() throws IOException {
    Optional<Exit> recorded = recorded();
    if (recorded.isPresent() || command.isAlive() || shim.isAlive()) {
      return recorded;
    }
    recorded = recorded(); // the shim may have written it and left since the first look
    return recorded.isPresent() ? recorded : Optional.of(new Exit.Vanished(vanished()));
  }

  /** Waits for the end; empty if the command still runs then. */
  public Optional<Exit> await(Duration atMost) throws IOException, InterruptedException {
    long deadline = System.nanoTime() + atMost.toNanos();
    Optional<Exit> exit = exit();
    while (exit.isEmpty() && System.nanoTime() < deadline) {
      Thread.sleep(POLL);
      exit = exit();
    }
    return exit;
  }

  /** Sends a request to the command alone, not to its children; nothing happens if it has ended. */
  public void signal(Signal signal) throws IOException, InterruptedException {
    if (command.isAlive()) {
      send(signal.name(), Long.toString(command.pid()));
    }
  }

  /** Kills the command and its whole process group; the shim lives on and records it. */
  public void kill() throws IOException, InterruptedException {
    if (command.isAlive()) {
      send("KILL", "-" + command.pid());
    }
  }

  private Optional<Exit> recorded() throws IOException {
    Path file = workdir.resolve("exit.json");
    if (!Files.exists(file)) {
      return Optional.empty();
    }
    JsonNode exit = decoded(file);
    boolean outOfMemory = exit.path("outOfMemory").asBoolean();
    @Nullable Instant endedAt = instant(exit.path("endedAt").asText());
    if (endedAt != null && exit.path("code").isInt()) {
      return Optional.of(new Exit.Returned(exit.path("code").asInt(), outOfMemory, endedAt));
    }
    if (endedAt != null && exit.path("signal").isInt()) {
      return Optional.of(new Exit.Killed(exit.path("signal").asInt(), outOfMemory, endedAt));
    }
    return Optional.of(new Exit.Vanished("its exit record " + file + " cannot be read"));
  }

  private String vanished() throws IOException {
    if (command.bootId().isEmpty()) {
      return "its record " + workdir.resolve("process.json") + " cannot be read";
    }
    return command.bootId().equals(ProcessIdentity.thisBoot())
        ? "the process and its shim were killed together"
        : "the machine was restarted";
  }

  /** A file's object, or an empty one where a power cut tore it. */
  private static JsonNode decoded(Path file) throws IOException {
    byte[] bytes = Files.readAllBytes(file);
    try {
      return Wire.mapper().readTree(bytes);
    } catch (IOException e) {
      return Wire.mapper().createObjectNode();
    }
  }

  private static @Nullable Instant instant(String text) {
    try {
      return Instant.parse(text);
    } catch (DateTimeParseException e) {
      return null;
    }
  }

  private static void send(String signal, String target) throws IOException, InterruptedException {
    Process kill = new ProcessBuilder("sh", "-c", "kill -s " + signal + " -- " + target).start();
    if (!kill.waitFor(10, TimeUnit.SECONDS)) {
      kill.destroyForcibly();
      throw new IOException(
          "signal " + signal + " to " + target + ": kill did not answer within 10 s");
    }
  }
}
