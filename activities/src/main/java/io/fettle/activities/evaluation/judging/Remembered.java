package io.fettle.activities.evaluation.judging;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/**
 * What one judge has said, in the store as {@code scores/{judge}/{hash}.jsonl}: parts of some
 * hundred lines that never change, by the hash of what was asked.
 */
final class Remembered {
  private static final int PART_BYTES = 64 << 10;

  private final ObjectStore store;
  private final String prefix;
  private final Map<String, String> said = new ConcurrentHashMap<>();
  private final StringBuilder unpublished = new StringBuilder();

  private Remembered(ObjectStore store, String prefix) {
    this.store = store;
    this.prefix = prefix;
  }

  /**
   * What is known so far.
   *
   * @param execution names the judge first, so that nothing of it is collected meanwhile
   */
  static Remembered open(ObjectStore store, Optional<String> execution, String judge)
      throws IOException {
    Remembered remembered = new Remembered(store, ObjectStore.SCORES + "/" + judge + "/");
    if (execution.isPresent()) {
      store.put(
          "%s/judges/%s.json".formatted(execution.get(), judge),
          Wire.mapper().writeValueAsBytes(Map.of("scores", remembered.prefix)));
    }
    for (var part : store.list(remembered.prefix)) {
      byte[] lines = store.find(part.key()).orElse(new byte[0]);
      new String(lines, StandardCharsets.UTF_8).lines().forEach(remembered::know);
    }
    return remembered;
  }

  private void know(String line) {
    try {
      JsonNode decoded = Wire.mapper().readTree(line);
      said.put(decoded.path("key").asText(), decoded.path("said").asText());
    } catch (JsonProcessingException foreign) {
      // its question is asked again
    }
  }

  Optional<String> find(String key) {
    return Optional.ofNullable(said.get(key));
  }

  void add(String key, String text) throws IOException {
    said.put(key, text);
    String line = Wire.mapper().createObjectNode().put("key", key).put("said", text).toString();
    synchronized (this) {
      unpublished.append(line).append('\n');
      if (unpublished.length() >= PART_BYTES) {
        publish();
      }
    }
  }

  synchronized void publish() throws IOException {
    if (unpublished.isEmpty()) {
      return;
    }
    byte[] lines = unpublished.toString().getBytes(StandardCharsets.UTF_8);
    boolean _ = store.putIfAbsent(prefix + Stores.sha256(lines) + ".jsonl", lines);
    unpublished.setLength(0);
  }
}
