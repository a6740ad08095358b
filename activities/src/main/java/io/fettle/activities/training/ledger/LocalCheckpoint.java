package io.fettle.activities.training.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A checkpoint's {@code manifest.json} as the trainer writes it, last of all its files. */
record LocalCheckpoint(
    long step,
    double epoch,
    @JsonProperty("max_steps") long maxSteps,
    @JsonProperty("train_loss") @Nullable Double trainLoss,
    @JsonProperty("dev_loss") @Nullable Double devLoss,
    boolean best,
    @Nullable List<Manifest.File> files) {

  private static final String MANIFEST = "manifest.json";

  /** With the manifest itself among its files: the trainer that resumes reads it. */
  static LocalCheckpoint read(Path directory) throws IOException {
    var body = Files.readAllBytes(directory.resolve(MANIFEST));
    var local = Wire.mapper().readValue(body, LocalCheckpoint.class);
    var files = new ArrayList<>(local.files == null ? List.of() : local.files);
    files.add(new Manifest.File(MANIFEST, body.length, Stores.sha256(body)));
    return new LocalCheckpoint(
        local.step, local.epoch, local.maxSteps, local.trainLoss, local.devLoss, local.best, files);
  }

  Manifest asManifestOf(LeaseRecord lease) throws IOException {
    if (files == null || files.size() < 2) {
      throw new IOException("the checkpoint of step " + step + " names no files");
    }
    return new Manifest(
        Manifest.FORMAT,
        lease.run(),
        lease.number(),
        step,
        lease.input(),
        lease.parent(),
        epoch,
        maxSteps,
        trainLoss,
        devLoss,
        best,
        files.stream().sorted(Comparator.comparing(Manifest.File::path)).toList());
  }
}
