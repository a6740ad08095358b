package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/**
 * What a power cut, a full disk, a bad disk or a careless hand can do to a published checkpoint.
 */
enum Harm {
  OBJECT_TRUNCATED,
  OBJECT_FLIPPED,
  OBJECT_EMPTY,
  OBJECT_MISSING,
  EVERY_OBJECT_MISSING,
  MANIFEST_TRUNCATED,
  MANIFEST_FLIPPED,
  MANIFEST_EMPTY,
  /** Whole JSON, but none of ours. */
  MANIFEST_OTHER,
  /** A sound manifest of the same run in the place of another. */
  MANIFEST_OF_ANOTHER;

  private static final byte[] OTHER =
      "{\"format\": 1, \"files\": []}".getBytes(StandardCharsets.UTF_8);

  /**
   * One checkpoint.
   *
   * @param manifest its key
   * @param objects keys of those of its objects that may be struck
   * @param other the manifest of another checkpoint of the run
   */
  record Target(String manifest, List<String> objects, Reference other) {}

  /** Does it to one checkpoint. */
  void strike(ObjectStore store, Target target, Random random) throws IOException {
    var manifest = target.manifest();
    var objects = target.objects();
    var object = objects.get(random.nextInt(objects.size()));
    switch (this) {
      case OBJECT_TRUNCATED -> truncate(store, object, random);
      case OBJECT_FLIPPED -> flip(store, object, random);
      case OBJECT_EMPTY -> store.put(object, new byte[0]);
      case OBJECT_MISSING -> store.delete(object);
      case EVERY_OBJECT_MISSING -> {
        for (var each : objects) {
          store.delete(each);
        }
      }
      case MANIFEST_TRUNCATED -> truncate(store, manifest, random);
      case MANIFEST_FLIPPED -> flip(store, manifest, random);
      case MANIFEST_EMPTY -> store.put(manifest, new byte[0]);
      case MANIFEST_OTHER -> store.put(manifest, OTHER);
      case MANIFEST_OF_ANOTHER -> store.put(manifest, store.read(target.other()));
    }
  }

  private static void truncate(ObjectStore store, String key, Random random) throws IOException {
    var body = store.find(key).orElseThrow();
    store.put(key, Arrays.copyOf(body, 1 + random.nextInt(body.length - 1)));
  }

  private static void flip(ObjectStore store, String key, Random random) throws IOException {
    var body = store.find(key).orElseThrow();
    body[random.nextInt(body.length)] ^= (byte) (1 << random.nextInt(8));
    store.put(key, body);
  }
}
