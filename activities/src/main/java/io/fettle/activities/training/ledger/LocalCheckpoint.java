package io.fettle.activities.training.ledger;

import com.fasterxml.jackson.annotation.JsonProperty;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Path;
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

  static LocalCheckpoint read(Path directory) throws IOException {
    return Wire.mapper()
        .readValue(directory.resolve("manifest.json").toFile(), LocalCheckpoint.class);
  }

  Manifest asManifestOf(LeaseRecord lease) throws IOException {
    if (files == null || files.isEmpty()) {
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
