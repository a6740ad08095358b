package io.fettle.activities.collection;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import java.io.IOException;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What a blob was, as far as the trees tell that lie among the same blobs. */
final class Kinds {
  private static final long LARGEST_TREE = 8 << 20;
  private static final Set<String> WEIGHTS = Set.of("safetensors", "bin", "pt", "gguf", "npz");
  private static final Set<String> ROWS = Set.of("jsonl", "csv", "parquet");

  private final Map<String, String> paths = new HashMap<>();

  /** Reads the trees among them. */
  static Kinds among(ObjectStore store, Map<String, StoredObject> blobs) throws IOException {
    var kinds = new Kinds();
    for (var blob : blobs.values()) {
      if (blob.bytes() <= LARGEST_TREE) {
        Marking.tree(store.find(blob.key()).orElse(new byte[0])).ifPresent(kinds.paths::putAll);
      }
    }
    return kinds;
  }

  String of(String hash) {
    var path = paths.get(hash);
    if (path == null) {
      return "documents and logs";
    }
    var ending = path.substring(path.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
    if (WEIGHTS.contains(ending)) {
      return "weights";
    }
    return ROWS.contains(ending) ? "rows" : "files of models and datasets";
  }
}
