package io.fettle.benchmarks.failures;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.training.ledger.Ledger.Published;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
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
   * Does it to one checkpoint.
   *
   * @param other another checkpoint of the run
   */
  void strike(
      ObjectStore store, LedgerBooks books, Published victim, Published other, Random random)
      throws IOException {
    var manifest = books.key(victim);
    var objects =
        victim.manifest().files().stream().map(file -> books.object(file.sha256())).toList();
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
      case MANIFEST_OF_ANOTHER -> store.put(manifest, store.read(other.reference()));
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
