package io.fettle.activities.training;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.fettle.activities.disks.Folders;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.Tree;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.Ledger;
import io.fettle.activities.training.shards.Shards;
import io.fettle.workflows.training.TrainingJob;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.function.LongConsumer;

/**
 * Brings a lease's inputs into its work folder and writes the trainer's configuration. Safe to
 * repeat.
 */
final class Inputs {
  private static final String KEEP_LAST = "keep_last";
  private static final String KEEP_EVERY = "keep_every";
  private static final int KEEP_LAST_DEFAULT = 3;

  private final ObjectStore store;
  private final Path cache;
  private final Path staged;
  private final double streamAbove;

  /**
   * @param streamAbove share of the free disk; shards that would take more are streamed
   */
  Inputs(ObjectStore store, Path hostDirectory, double streamAbove) {
    this.streamAbove = streamAbove;
    this.store = store;
    this.cache = hostDirectory.resolve("cache");
    this.staged = hostDirectory.resolve("staged");
  }

  private Tree stage(Reference tree) throws IOException {
    return stage(tree, _ -> {});
  }

  /**
   * Brings a tree to this host; leases of the same inputs share it.
   *
   * @param progress hears bytes as they come
   */
  Tree stage(Reference tree, LongConsumer progress) throws IOException {
    var target = staged.resolve(tree.shortHash());
    return isStreamed(tree)
        ? Staging.stagePart(store, tree, path -> !Shards.isShard(path), cache, target, progress)
        : Staging.stageTree(store, tree, cache, target, Staging.Access.READ, progress);
  }

  /**
   * Whether its shards are brought while the trainer runs, because all of them together would take
   * more than their share of the disk. Decided once a host: what was staged stays.
   */
  private boolean isStreamed(Reference tree) throws IOException {
    var target = staged.resolve(tree.shortHash());
    if (Files.isDirectory(target)) {
      return Shards.isLeftOut(target);
    }
    Files.createDirectories(staged);
    long shards = Shards.bytes(Staging.manifest(store, tree));
    return shards > streamAbove * Files.getFileStore(staged).getUsableSpace();
  }

  /** How much there is to bring, before any of it is. */
  long bytes(List<Reference> trees) throws IOException {
    long bytes = 0;
    for (var tree : trees) {
      bytes += Staging.manifest(store, tree).bytes();
    }
    return bytes;
  }

  /** Returns the configuration's file, whose writing is the last thing done. */
  Path prepare(TrainingJob job, WorkFolder folder, Ledger ledger) throws IOException {
    var model = stage(job.baseModel()).folder();
    var dataset = stage(job.dataset()).folder();
    var resumeFrom = job.lease().resumeFrom();
    if (resumeFrom.isPresent()) {
      fetch(ledger, resumeFrom.get(), folder.resume());
    }
    var config = config(job, folder, model, dataset);
    WorkFolder.write(
        folder.config(), Wire.mapper().writerWithDefaultPrettyPrinter().writeValueAsBytes(config));
    return folder.config();
  }

  /** Whether early stopping chooses the best checkpoint, instead of the last. */
  boolean choosesBest(TrainingJob job) throws IOException {
    return Wire.mapper().readTree(store.read(job.training())).path("early_stopping").isObject();
  }

  /** Which checkpoints the spec keeps; a plan made before these keys has the defaults. */
  Ledger.Keep keep(TrainingJob job) throws IOException {
    var cadence = Wire.mapper().readTree(store.read(job.training())).path("checkpoint");
    return new Ledger.Keep(
        Math.max(1, cadence.path(KEEP_LAST).asInt(KEEP_LAST_DEFAULT)),
        Math.max(0, cadence.path(KEEP_EVERY).asInt(0)));
  }

  private static void fetch(Ledger ledger, Reference manifest, Path target) throws IOException {
    Folders.delete(target);
    Files.createDirectories(target);
    ledger.fetch(ledger.published(manifest), target);
  }

  private ObjectNode config(TrainingJob job, WorkFolder folder, Path model, Path dataset)
      throws IOException {
    if (!(Wire.mapper().readTree(store.read(job.training())) instanceof ObjectNode config)) {
      throw new IOException(
          job.training().uri() + " is no JSON object; the trainer needs its configuration");
    }
    config.put("run", job.run()).put("lease", job.lease().number());
    config.put("base_model", model.toString());
    var index = dataset.resolve(Shards.INDEX);
    config.put("train", (Files.exists(index) ? index : dataset.resolve("train.jsonl")).toString());
    config.put("streamed", Shards.isLeftOut(dataset) ? folder.shards().toString() : null);
    var dev = dataset.resolve("dev.jsonl");
    config.put("dev", Files.exists(dev) && Files.size(dev) > 0 ? dev.toString() : null);
    config.put(
        "resume_from", job.lease().resumeFrom().map(_ -> folder.resume().toString()).orElse(null));
    if (config.path("checkpoint") instanceof ObjectNode cadence) {
      cadence.remove(List.of(KEEP_LAST, KEEP_EVERY)); // the agent's business, not the trainer's
    }
    config.put("interval_file", folder.interval().toString());
    remedy(job, config);
    job.checkpointInterval()
        .ifPresent(most -> config.withObject("/checkpoint").put("every_seconds", seconds(most)));
    return config;
  }

  private static double seconds(Duration time) {
    return time.toMillis() / 1_000.0;
  }

  private static void remedy(TrainingJob job, ObjectNode config) {
    var remedy = job.remedy();
    if (remedy.microBatch() > 0) {
      config.put("micro_batch_size", remedy.microBatch());
    }
    if (remedy.gradientCheckpointing()) {
      config.put("gradient_checkpointing", true);
    }
    if (remedy.chunkedLoss()) {
      config.put("chunked_loss", true);
    }
  }
}
