package io.fettle.activities.training.ledger;

import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/** Writes checkpoint directories as the trainer does. */
final class LocalCheckpoints {
  private final Path root;
  private int written;

  LocalCheckpoints(Path root) {
    this.root = root;
  }

  Path write(long step, String weights, @Nullable Double devLoss) throws IOException {
    var directory =
        Files.createDirectories(root.resolve("c%d/adapter".formatted(written++))).getParent();
    var manifest = Wire.mapper().createObjectNode();
    manifest.put("format", 1).put("step", step).put("epoch", step / 10.0).put("max_steps", 100);
    manifest.put("dev_loss", devLoss).put("train_loss", 1.25).put("best", false);
    var files = manifest.putArray("files");
    for (var path : new String[] {"rng.json", "adapter/weights"}) {
      var body = (path + " " + weights).getBytes(StandardCharsets.UTF_8);
      Files.write(directory.resolve(path), body);
      files
          .addObject()
          .put("path", path)
          .put("bytes", body.length)
          .put("sha256", Stores.sha256(body));
    }
    Files.write(directory.resolve("manifest.json"), Wire.mapper().writeValueAsBytes(manifest));
    return directory;
  }
}
