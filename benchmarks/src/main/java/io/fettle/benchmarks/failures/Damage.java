package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Damages what is published, as disks, cut uploads and careless hands do. */
record Damage(ObjectStore store, Random random) {
  private static final List<Harm> KINDS =
      List.of(
          Harm.MANIFEST_TRUNCATED, Harm.OBJECT_TRUNCATED, Harm.OBJECT_FLIPPED, Harm.OBJECT_MISSING);

  /** Damages the newest checkpoints of a run, each in its own way. */
  void newest(Training train, int count) throws IOException {
    var manifests =
        store.list("runs/" + train.run() + "/checkpoints/").stream()
            .sorted(Comparator.comparing(StoredObject::key).reversed())
            .limit(count)
            .toList();
    for (var manifest : manifests) {
      damage(train.run(), manifest.key());
    }
  }

  private void damage(String run, String manifest) throws IOException {
    var body = store.find(manifest).orElseThrow();
    var itself = new Reference(store.uri(manifest), Stores.sha256(body));
    var target = new Harm.Target(manifest, List.of(ownObject(run, body)), itself);
    KINDS.get(random.nextInt(KINDS.size())).strike(store, target, random);
  }

  /** One that changes with every step: what others share would damage those too. */
  private static String ownObject(String run, byte[] manifest) throws IOException {
    var files = Wire.mapper().readTree(manifest).path("files");
    for (var file : files) {
      if (file.path("path").asText().contains("optimizer")) {
        return key(run, file.path("sha256").asText());
      }
    }
    return key(run, files.get(files.size() - 1).path("sha256").asText());
  }

  private static String key(String run, String sha256) {
    return "runs/%s/objects/sha256/%s/%s".formatted(run, sha256.substring(0, 2), sha256);
  }
}
