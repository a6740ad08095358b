package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;

/** Damages what is published, as disks, cut uploads and careless hands do. */
record Damage(ObjectStore store, Random random) {
  /** The kinds. */
  private enum Kind {
    TORN_MANIFEST,
    TRUNCATED_OBJECT,
    FLIPPED_BIT,
    MISSING_OBJECT
  }

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
    var kind = Kind.values()[random.nextInt(Kind.values().length)];
    var body = store.find(manifest).orElseThrow();
    if (kind == Kind.TORN_MANIFEST) {
      store.put(manifest, Arrays.copyOf(body, body.length / 2));
      return;
    }
    var object = ownObject(run, body);
    var bytes = store.find(object).orElseThrow();
    switch (kind) {
      case TRUNCATED_OBJECT -> store.put(object, Arrays.copyOf(bytes, bytes.length - 1));
      case FLIPPED_BIT -> {
        bytes[random.nextInt(bytes.length)] ^= 1;
        store.put(object, bytes);
      }
      default -> store.delete(object);
    }
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

  /** For people: what may happen. */
  static List<String> kinds() {
    return Arrays.stream(Kind.values()).map(Enum::name).toList();
  }
}
