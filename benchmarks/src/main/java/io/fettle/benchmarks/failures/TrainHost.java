package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.programs.Program;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The host of one lease, as whoever breaks it sees it: an agent and a trainer. */
record TrainHost(Rig rig, String run, int lease, String host) {
  private static final int SIGNALLED = 128;
  private static final int KIB = 1024;

  Path folder() {
    return rig.hosts().folder(host).resolve("work").resolve("%s-%06d".formatted(run, lease));
  }

  Optional<Program> trainer() throws IOException {
    return Program.adopt(folder());
  }

  boolean isTraining() throws IOException {
    var trainer = trainer();
    return trainer.isPresent() && trainer.get().alive();
  }

  long agent() throws IOException {
    return rig.hosts().agent(host).orElseThrow(() -> new IOException("no agent on " + host));
  }

  /** The newest step that its trainer told of; 0 before the first. */
  long step() throws IOException {
    var step = events().stream().filter(event -> event.path("event").asText().equals("step"));
    return step.mapToLong(event -> event.path("step").asLong()).max().orElse(0);
  }

  /** All that its trainer said. */
  List<JsonNode> allEvents() throws IOException {
    return Events.all(folder().resolve("events.jsonl"));
  }

  /** The last of it. */
  List<JsonNode> events() throws IOException {
    return Events.tail(folder().resolve("events.jsonl"));
  }

  /** Its trainer leaves the processors to those that decide. */
  void yieldProcessor() throws IOException, InterruptedException {
    var trainer = trainer();
    if (trainer.isPresent()) {
      command("renice", "-n", "19", "-p", String.valueOf(trainer.get().pid()));
    }
  }

  /** The trainer alone; its agent and its shim live on. */
  void signalTrainer(String signal) throws IOException, InterruptedException {
    var trainer = trainer();
    if (trainer.isPresent()) {
      command("kill", signal, String.valueOf(trainer.get().pid()));
    }
  }

  /** Its trainer's memory may grow by that much, and what it asks for beyond is refused. */
  void limitMemory(long bytes) throws IOException, InterruptedException {
    long pid = trainer().orElseThrow().pid();
    var size =
        Files.readAllLines(Path.of("/proc", String.valueOf(pid), "status")).stream()
            .filter(line -> line.startsWith("VmSize:"))
            .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * KIB)
            .findFirst()
            .orElseThrow();
    command("prlimit", "--pid", String.valueOf(pid), "--as=" + (size + bytes));
  }

  /** As a shell gives it, 128 and the signal where one ended it; empty while it runs. */
  OptionalInt status() throws IOException {
    var trainer = trainer();
    var exit = trainer.isPresent() ? trainer.get().exit() : Optional.<Program.Exit>empty();
    return exit.isPresent() ? OptionalInt.of(status(exit.get())) : OptionalInt.empty();
  }

  static int status(Program.Exit exit) {
    return switch (exit) {
      case Program.Exit.Returned(int code, var _, var _) -> code;
      case Program.Exit.Killed(int signal, var _, var _) -> SIGNALLED + signal;
      case Program.Exit.Vanished _ -> SIGNALLED;
    };
  }

  /** Everything on it dies at once. */
  void kill() throws IOException, InterruptedException {
    rig.hosts().dies(host);
    signalAgent("-KILL");
    var trainer = trainer();
    if (trainer.isPresent()) {
      trainer.get().kill();
    }
  }

  /** Everything on it stands still, and nobody can tell. */
  void freeze() throws IOException, InterruptedException {
    signalAll("-STOP");
  }

  void thaw() throws IOException, InterruptedException {
    signalAll("-CONT");
  }

  private void signalAll(String signal) throws IOException, InterruptedException {
    signalAgent(signal);
    var trainer = trainer();
    if (trainer.isPresent()) {
      command("kill", signal, "--", "-" + trainer.get().pid());
    }
  }

  private void signalAgent(String signal) throws IOException, InterruptedException {
    var agent = rig.hosts().agent(host);
    if (agent.isPresent()) {
      command("kill", signal, String.valueOf(agent.getAsLong()));
    }
  }

  /** The provider says that it is gone. */
  void sayTerminated() throws IOException {
    rig.hosts().sayTerminated(host);
  }

  /** The provider says nothing of its end, and it does not come back either. */
  void sayNothing() throws IOException {
    rig.hosts().sayNothing(host);
  }

  /** Its provider wants it back, and takes it after that time. */
  void giveNotice(Duration window) {
    rig.hosts().notice(host, window);
  }

  private static void command(String... line) throws IOException, InterruptedException {
    new ProcessBuilder(line).redirectErrorStream(true).start().waitFor();
  }
}
