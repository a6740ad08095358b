package io.fettle.benchmarks.failures;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.util.Comparator;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;

/**
 * The controls' reader: it takes what is there for good, by number, by loss or by time, as a folder
 * of checkpoints is usually read.
 */
final class NaiveReader {
  private final ObjectStore store;
  private final String manifests;
  private final Map<String, Double> devLosses = new HashMap<>();

  NaiveReader(ObjectStore store, String manifests) {
    this.store = store;
    this.manifests = manifests;
  }

  /** The key of the highest lease's highest step: padded numbers, so that keys are in order. */
  Optional<String> newest() throws IOException {
    return store.list(manifests).stream().map(StoredObject::key).max(Comparator.naturalOrder());
  }

  /** The key of the least dev loss. */
  Optional<String> best() throws IOException {
    for (var object : store.list(manifests)) {
      if (!devLosses.containsKey(object.key())) {
        devLosses.put(object.key(), devLoss(object.key()));
      }
    }
    return devLosses.entrySet().stream().min(Map.Entry.comparingByValue()).map(Map.Entry::getKey);
  }

  /** The key of what the store says was written last. */
  Optional<String> youngest() throws IOException {
    return store.list(manifests).stream()
        .max(Comparator.comparing(StoredObject::modified))
        .map(StoredObject::key);
  }

  private double devLoss(String key) throws IOException {
    JsonNode manifest = Wire.mapper().readTree(store.find(key).orElseThrow());
    return manifest.path("devLoss").asDouble(Double.POSITIVE_INFINITY);
  }
}
