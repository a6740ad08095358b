package io.fettle.activities.training;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.programs.EventTail;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.StepCache;
import io.fettle.activities.steps.StepKey;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.activities.training.ledger.LeaseRecord;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.workflows.training.Checkpoint;
import io.fettle.workflows.training.Lease;
import io.fettle.workflows.training.Remedy;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** A store, a host's folder and the fake trainer, in a test's temporary directory. */
final class Bench {
  static final String RUN = "support-1a2b3c4d";
  private static final String INPUT = "ab".repeat(32);
  private static final Duration SHORT = Duration.ofMillis(100);
  static final Duration SILENCE = Duration.ofSeconds(3);

  private final Path hostDirectory;
  private final Path script;
  private final Contact server;
  private final SlowUploads slow;
  private final ObjectStore store;
  private final StepCache steps;
  private final Reference tree;
  private boolean claimed = true;

  Bench(Path directory, Contact server) throws IOException {
    this.hostDirectory = directory.resolve("host");
    this.server = server;
    this.slow = new SlowUploads(Stores.open(directory.resolve("store").toUri()));
    this.store = slow.store();
    this.steps = new StepCache(store, "test");
    this.script = directory.resolve("fake_trainer.py");
    try (var source = Bench.class.getResourceAsStream("/training/fake_trainer.py")) {
      Files.copy(source, script);
    }
    var rows = Files.createDirectories(directory.resolve("rows"));
    Files.writeString(rows.resolve("train.jsonl"), "{}\n");
    this.tree = Staging.uploadTree(store, rows, ObjectStore.OBJECTS);
  }

  TrainingHost host() {
    var options =
        new HostOptions(
            "local-1",
            hostDirectory,
            SHORT,
            Duration.ofMillis(20),
            SHORT,
            new HostOptions.Silence(SILENCE.multipliedBy(5), SILENCE, SILENCE, SILENCE, SILENCE),
            Duration.ofSeconds(20),
            Duration.ofSeconds(1),
            Duration.ofHours(6),
            0.5);
    return new TrainingHost(options, store, steps, server, token -> claimed, this::command);
  }

  private Program.Spec command(Path config, Path workdir) {
    return new Program.Spec(
        List.of("python3", script.toString(), config.toString(), workdir.toString()),
        workdir,
        Map.of());
  }

  Lease open(String activity) throws Exception {
    var ledger = ledger();
    var holder = new LeaseRecord.Holder("fettle", "workflow-run", activity);
    var lease = ledger.open(new Ledger.Opening(holder, "local-1", INPUT, 0));
    var resumeFrom = Optional.ofNullable(lease.resumeFrom());
    var place = resumeFrom.map(ledger::place);
    return new Lease(
        lease.number(),
        INPUT,
        "local-1",
        resumeFrom,
        place.map(p -> (int) p.step()).orElse(0),
        place.map(Ledger.Place::lease).orElse(0),
        lease.number() - 1);
  }

  ObjectNode object() {
    return Wire.mapper().createObjectNode();
  }

  ObjectNode steps(int maxSteps) {
    return object().put("max_steps", maxSteps).put("every", 2).put("seconds", 0.05);
  }

  ObjectNode misbehaving(ObjectNode config, int step, String how) {
    config.putObject("script").put("at", step).put("do", how);
    return config;
  }

  ObjectNode exiting(int code) {
    var config = steps(4);
    config.putObject("script").put("at", 1).put("do", "exit").put("code", code);
    return config;
  }

  void train(TrainingHost host, Lease lease, com.fasterxml.jackson.databind.JsonNode config)
      throws IOException {
    host.ensure(assignment(lease, config), bytes("token-" + lease.number()));
  }

  Assignment assignment(Lease lease, com.fasterxml.jackson.databind.JsonNode config)
      throws IOException {
    var training = store.putBlob(Wire.mapper().writeValueAsBytes(config));
    var job =
        new TrainingJob(
            RUN,
            "token",
            lease,
            training,
            tree,
            tree,
            Remedy.none(),
            Duration.ofMinutes(15),
            Optional.empty());
    return new Assignment(job, "fettle", RUN, "workflow-run");
  }

  String storedEvents(int lease) throws IOException {
    var key = "runs/%s/events/%06d.jsonl".formatted(RUN, lease);
    return new String(store.find(key).orElseThrow(), StandardCharsets.UTF_8);
  }

  List<Checkpoints.Row> checkpoints() throws IOException {
    return Checkpoints.of(store, RUN, false).rows();
  }

  com.fasterxml.jackson.databind.JsonNode trainerConfig(int lease) throws IOException {
    return Wire.mapper().readTree(WorkFolder.of(hostDirectory, RUN, lease).config().toFile());
  }

  /** From now on each checkpoint takes that long into the store. */
  void uploadsTake(Duration time) {
    slow.take(time);
  }

  List<JsonNode> events(Lease lease) throws IOException {
    return new EventTail(folder(lease).events()).read();
  }

  List<JsonNode> notes(Lease lease) throws IOException {
    return new EventTail(folder(lease).notes()).read();
  }

  JsonNode note(Lease lease, String event) throws IOException {
    return notes(lease).stream()
        .filter(note -> note.path("event").asText().equals(event))
        .findFirst()
        .orElseThrow();
  }

  /** What the trainer of this lease reads, in seconds. */
  double interval(Lease lease) throws IOException {
    var file = folder(lease).interval().toFile();
    return Wire.mapper().readTree(file).path("every_seconds").asDouble();
  }

  void unclaim() {
    claimed = false;
  }

  WorkFolder folder(Lease lease) {
    return WorkFolder.of(hostDirectory, RUN, lease.number());
  }

  Optional<Program> trainer(Lease lease) throws IOException {
    return Program.adopt(folder(lease).path());
  }

  Optional<Checkpoint> recorded() throws IOException {
    return steps.find(new StepKey("train", INPUT), Checkpoint.class);
  }

  String adapterOf(Checkpoint checkpoint) throws IOException {
    var target = hostDirectory.resolve("adapter-of-the-test");
    Staging.stageTree(store, checkpoint.adapter(), hostDirectory.resolve("cache"), target);
    return Files.readString(target.resolve("adapter_model.safetensors"));
  }

  String logOf(Outcome outcome) throws IOException {
    var key = store.key(java.net.URI.create(outcome.exit().log().orElseThrow()));
    return new String(store.find(key).orElseThrow(), StandardCharsets.UTF_8);
  }

  void killTrainers() throws Exception {
    var work = hostDirectory.resolve("work");
    if (!Files.isDirectory(work)) {
      return;
    }
    try (var folders = Files.list(work)) {
      for (var folder : folders.toList()) {
        var program = Program.adopt(folder);
        if (program.isPresent()) {
          program.get().kill();
          program.get().await(Duration.ofSeconds(5));
        }
      }
    }
  }

  private Ledger ledger() {
    return new Ledger(store, RUN, Clock.systemUTC());
  }

  static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
