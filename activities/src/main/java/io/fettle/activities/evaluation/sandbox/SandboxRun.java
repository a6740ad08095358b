package io.fettle.activities.evaluation.sandbox;

import io.fettle.activities.evaluation.sandbox.Sandbox.End;
import io.fettle.activities.evaluation.sandbox.Sandbox.Ended;
import io.fettle.activities.evaluation.sandbox.Sandbox.Job;
import io.fettle.activities.evaluation.sandbox.Sandbox.Limits;
import io.fettle.activities.evaluation.sandbox.Sandbox.Unusable;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;

/** One program in one sandbox. */
final class SandboxRun {
  private static final int KIB = 1 << 10;
  private static final int KILLED = 128 + 9;
  private static final int CPU_LIMIT = 128 + 24; // SIGXCPU
  private static final long CLEAN_UP_SECONDS = 30;
  private static final Duration SET_UP = Duration.ofSeconds(60);
  private static final Duration POLL = Duration.ofMillis(5);
  private static final String PATH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

  private final Path work;
  private final List<String> as;
  private final boolean confines;
  private final Job job;
  private final Limits limits;

  SandboxRun(Path work, List<String> as, boolean confines, Job job, Limits limits) {
    this.work = work;
    this.as = as;
    this.confines = confines;
    this.job = job;
    this.limits = limits;
  }

  Ended run() throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory(Files.createDirectories(work), "sandbox-");
    try {
      lay(folder);
      return ended(folder);
    } finally {
      delete(folder);
    }
  }

  private void lay(Path folder) throws IOException {
    Path files = Files.createDirectory(folder.resolve("files"));
    for (Map.Entry<String, String> file : job.files().entrySet()) {
      Files.writeString(files.resolve(file.getKey()), file.getValue());
    }
    Files.writeString(folder.resolve("input"), job.input());
    StringBuilder shown = new StringBuilder();
    job.readOnly().forEach(path -> shown.append(path).append('\n'));
    Files.writeString(folder.resolve("read-only"), shown);
    Files.createFile(folder.resolve("status"));
    try (InputStream script = Sandbox.class.getResourceAsStream("sandbox.sh")) {
      Files.copy(
          Objects.requireNonNull(script, "sandbox.sh is part of this jar"),
          folder.resolve("sandbox.sh"));
    }
  }

  private List<String> line(Path folder) {
    return confines ? confined(folder) : job.command();
  }

  private List<String> confined(Path folder) {
    long seconds = Math.max(1, limits.time().plusMillis(999).toSeconds());
    List<String> line = new ArrayList<>(as);
    line.addAll(List.of("sh", folder.resolve("sandbox.sh").toString(), folder.toString()));
    line.add(Long.toString(seconds));
    line.add(Integer.toString(limits.memoryMib()));
    line.add(Integer.toString(limits.processes()));
    line.add(Integer.toString(limits.fileMib()));
    line.addAll(job.command());
    return line;
  }

  private Process start(Path folder) throws Unusable {
    ProcessBuilder builder =
        new ProcessBuilder(line(folder))
            .directory((confines ? Path.of("/") : folder.resolve("files")).toFile());
    builder.environment().clear(); // a secret of ours is no business of a shell's either
    builder.environment().put("PATH", PATH);
    builder.redirectInput((confines ? Path.of("/dev/null") : folder.resolve("input")).toFile());
    try {
      return builder.start();
    } catch (IOException noShell) {
      throw new Unusable(String.valueOf(noShell.getMessage()));
    }
  }

  private Ended ended(Path folder) throws IOException, InterruptedException {
    Process process = start(folder);
    Said output = new Said(limits.outputKib() * KIB, () -> kill(process));
    boolean late;
    boolean begun = true;
    Thread out = Thread.ofVirtual().start(() -> output.read(process.getInputStream(), false));
    Thread err = Thread.ofVirtual().start(() -> output.read(process.getErrorStream(), true));
    try {
      begun = !confines || begins(process, folder.resolve("status"));
      late = begun && !process.waitFor(limits.time().toMillis(), TimeUnit.MILLISECONDS);
    } finally {
      kill(process);
      if (!confines) {
        process.destroyForcibly();
      }
      if (!process.waitFor(CLEAN_UP_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    }
    // what outlived it unconfined may hold its streams open
    out.join(Duration.ofSeconds(CLEAN_UP_SECONDS));
    err.join(Duration.ofSeconds(CLEAN_UP_SECONDS));
    if (!begun) {
      throw new IOException(
          "no sandbox was made within %d s; the machine is too busy, try again when it is not"
              .formatted(SET_UP.toSeconds()));
    }
    List<String> status =
        confines
            ? Files.readAllLines(folder.resolve("status"))
            : List.of("ready", "exit " + process.exitValue());
    return answer(status, late, output);
  }

  /** Whether set-up came to an end: a busy machine's time for it is none of the program's. */
  private static boolean begins(Process process, Path status)
      throws IOException, InterruptedException {
    long deadline = System.nanoTime() + SET_UP.toNanos();
    while (process.isAlive() && Files.size(status) == 0) {
      if (System.nanoTime() > deadline) {
        return false;
      }
      Thread.sleep(POLL);
    }
    return true;
  }

  /** Everything but the script itself, which then cleans up. */
  private static void kill(Process process) {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
  }

  private static Ended answer(List<String> status, boolean late, Said output) throws IOException {
    if (!status.contains("ready")) {
      String why =
          status.stream()
              .filter(line -> line.startsWith("setup "))
              .map(line -> line.substring("setup ".length()))
              .findFirst()
              .orElse("its set-up failed");
      String said = output.text(true).strip();
      throw new Unusable(
          said.isEmpty() ? why : why + " (" + said.lines().findFirst().orElse("") + ")");
    }
    int code =
        status.stream()
            .filter(line -> line.startsWith("exit "))
            .mapToInt(line -> Integer.parseInt(line.substring("exit ".length())))
            .findFirst()
            .orElse(KILLED);
    return new Ended(end(status, code, late, output), code, output.text(false), output.text(true));
  }

  private static End end(List<String> status, int code, boolean late, Said output)
      throws IOException {
    if (output.tooMuch()) return End.OUTPUT;
    if (status.contains("oom")) return End.MEMORY;
    if (late || code == CPU_LIMIT) return End.TIME;
    if (status.stream().noneMatch(line -> line.startsWith("exit "))) {
      throw new IOException("a sandbox was killed from outside; its program has to run again");
    }
    return status.contains("left") ? End.LEFTOVERS : End.RETURNED;
  }

  private static void delete(Path folder) throws IOException {
    try (Stream<Path> all = Files.walk(folder)) {
      for (Path each : all.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(each);
      }
    } catch (UncheckedIOException broken) {
      throw broken.getCause();
    }
  }
}
