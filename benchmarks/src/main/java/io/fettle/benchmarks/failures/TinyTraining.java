package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.programs.Environments;
import io.fettle.activities.programs.Program;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.plan.Plan;
import io.fettle.workflows.run.TrainWorkflow;
import io.fettle.workflows.spec.CapacityTerms;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

/** The tiny model, a few rows, and a train of them, as the store holds them. */
record TinyTraining(ObjectStore store, Reference model, Reference rows) {
  private static final int ROWS = 24;
  private static final int BATCH = 4;
  private static final String TITLE = "tiny / failures / lora r4";

  /**
   * The most that an interruption may cost; the shipped limit would see no checkpoint in a cut.
   * Seconds.
   */
  static final int INTERVAL = 10;

  static TinyTraining make(ObjectStore store, Environments environments, Path scratch)
      throws IOException, InterruptedException {
    var model = Staging.uploadTree(store, model(environments, scratch), ObjectStore.OBJECTS);
    return new TinyTraining(store, model, rows(store, scratch));
  }

  /** A folder with the model of random weights. */
  static Path model(Environments environments, Path scratch)
      throws IOException, InterruptedException {
    var out = scratch.resolve("model");
    var work = Files.createDirectories(scratch.resolve("tiny"));
    var config = work.resolve("tiny.json");
    Files.write(config, Wire.mapper().writeValueAsBytes(Map.of("out", out.toString(), "seed", 1)));
    var arguments = List.of("tiny", "--config", config.toString(), "--workdir", work.toString());
    var exit =
        Program.start(environments.module("train", work, "fettle_trainer", arguments))
            .await(Duration.ofMinutes(3));
    if (exit.isEmpty() || !Files.exists(out.resolve("config.json"))) {
      throw new IOException("the tiny model was not made; see " + work.resolve("stderr.log"));
    }
    return out;
  }

  private static Reference rows(ObjectStore store, Path scratch) throws IOException {
    var folder = Files.createDirectories(scratch.resolve("rows"));
    Files.write(folder.resolve("train.jsonl"), lines(ROWS));
    return Staging.uploadTree(store, folder, ObjectStore.OBJECTS);
  }

  /** So many rows, a line each. */
  static List<String> lines(int rows) throws IOException {
    return lines(rows, 1);
  }

  /** The same with answers that say it so many times. */
  static List<String> lines(int rows, int times) throws IOException {
    var lines = new ArrayList<String>();
    for (int row = 0; row < rows; row++) {
      var answer = ("answer " + row % BATCH + " ").repeat(times).strip();
      var turns = List.of(turn("user", "question number " + row), turn("assistant", answer));
      lines.add(Wire.mapper().writeValueAsString(Map.of("id", "r" + row, "messages", turns)));
    }
    return lines;
  }

  private static Map<String, String> turn(String role, String content) {
    return Map.of("role", role, "content", content);
  }

  /** The frozen config of a train of so many steps, after a change of it. */
  Reference config(int steps, Consumer<ObjectNode> change) throws IOException {
    var config = Wire.mapper().createObjectNode();
    config.put("tuning", "lora").put("precision", "fp32").put("max_length", 128).put("threads", 1);
    config
        .put("global_batch_size", BATCH)
        .put("micro_batch_size", BATCH)
        .put("gradient_checkpointing", false);
    config
        .put("learning_rate", 2e-4)
        .put("num_epochs", steps * (double) BATCH / ROWS)
        .put("max_steps", steps)
        .put("seed", 7);
    config.putObject("lora").put("r", 4).put("alpha", 8);
    config
        .putObject("checkpoint")
        .put("every_steps", 1_000_000)
        .put("every_seconds", INTERVAL)
        .put("min_seconds", 1);
    change.accept(config);
    return store.putBlob(Wire.mapper().writeValueAsBytes(config));
  }

  static Plan plan(Reference config, Duration lease) {
    return plan(config, lease, List.of("local"), CapacityTerms.NONE);
  }

  static Plan plan(Reference config, Duration lease, List<String> pools, CapacityTerms terms) {
    return TrainWorkflow.Request.plan(config, TITLE, lease, 2, BATCH, pools, terms);
  }
}
