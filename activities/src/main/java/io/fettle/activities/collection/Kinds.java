package io.fettle.activities.collection;

import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import java.io.IOException;
import java.util.Collection;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/** What an object was, as far as the trees tell that lie among the same blobs. */
final class Kinds {
  private static final long LARGEST_TREE = 8 << 20;
  private static final Set<String> WEIGHTS = Set.of("safetensors", "bin", "pt", "gguf", "npz");
  private static final Set<String> ROWS = Set.of("jsonl", "csv", "parquet");

  private final Map<String, String> paths = new HashMap<>();

  /** Reads the trees among them. */
  static Kinds among(ObjectStore store, Collection<StoredObject> objects) throws IOException {
    var kinds = new Kinds();
    for (var blob : objects) {
      if (!isScores(blob.key()) && blob.bytes() <= LARGEST_TREE) {
        Marking.tree(store.find(blob.key()).orElse(new byte[0])).ifPresent(kinds.paths::putAll);
      }
    }
    return kinds;
  }

  /** The hash of what lies there, which is how it is called. */
  static String hash(String key) {
    return key.substring(key.lastIndexOf('/') + 1).replace(".jsonl", "");
  }

  private static boolean isScores(String key) {
    return key.startsWith(ObjectStore.SCORES + "/");
  }

  String of(String key) {
    if (isScores(key)) {
      return "scores of judges";
    }
    var path = paths.get(hash(key));
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
