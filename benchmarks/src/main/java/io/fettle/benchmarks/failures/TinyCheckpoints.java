package io.fettle.benchmarks.failures;

import static java.nio.charset.StandardCharsets.UTF_8;

import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Writes checkpoint directories of a few hundred bytes, as a trainer writes large ones. */
final class TinyCheckpoints {
  private static final String[] FILES = {"rng.json", "adapter/weights", "optimizer/state"};

  private final Path root;
  private int written;

  TinyCheckpoints(Path root) {
    this.root = root;
  }

  /** Equal arguments are equal bytes. */
  Path write(long step, String content, double devLoss) throws IOException {
    var directory = root.resolve("c" + written++);
    var manifest = Wire.mapper().createObjectNode();
    manifest.put("format", 1).put("step", step).put("epoch", step / 100.0).put("max_steps", 10_000);
    manifest.put("dev_loss", devLoss).put("train_loss", 1.25).put("best", false);
    var files = manifest.putArray("files");
    for (var path : FILES) {
      var body = "%s of step %d: %s".formatted(path, step, content).getBytes(UTF_8);
      var file = directory.resolve(path);
      Files.createDirectories(file.getParent());
      Files.write(file, body);
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
