package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.programs.Program;
import io.fettle.cli.local.JsonFile;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;

/** The host of one lease, as whoever breaks it sees it: an agent and a trainer. */
record TrainHost(Rig rig, String run, int lease, String host) {
  private static final int SIGNALLED = 128;
  private static final int KIB = 1024;

  Path folder() {
    return rig.home()
        .hosts()
        .resolve(host)
        .resolve("work")
        .resolve("%s-%06d".formatted(run, lease));
  }

  Optional<Program> trainer() throws IOException {
    return Program.adopt(folder());
  }

  boolean isTraining() throws IOException {
    var trainer = trainer();
    return trainer.isPresent() && trainer.get().alive();
  }

  long agent() throws IOException {
    var file = rig.home().processes().resolve("agent-" + host + ".json");
    return Wire.mapper().readTree(Files.readAllBytes(file)).path("pid").asLong();
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
    command("kill", "-KILL", String.valueOf(agent()));
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
    command("kill", signal, String.valueOf(agent()));
    var trainer = trainer();
    if (trainer.isPresent()) {
      command("kill", signal, "--", "-" + trainer.get().pid());
    }
  }

  /** The provider says that it is gone. */
  void sayTerminated() throws IOException {
    change(file -> file.put("terminated", true));
  }

  /** The provider says nothing of its end, and it does not come back either. */
  void sayNothing() throws IOException {
    change(file -> file.put("desired", "lost"));
  }

  private interface Change {
    void of(ObjectNode file);
  }

  private void change(Change change) throws IOException {
    var file = rig.home().pool().resolve(host + ".json");
    var tree = (ObjectNode) Wire.mapper().readTree(Files.readAllBytes(file));
    change.of(tree);
    JsonFile.write(file, tree);
  }

  private static void command(String... line) throws IOException, InterruptedException {
    new ProcessBuilder(line).redirectErrorStream(true).start().waitFor();
  }
}
