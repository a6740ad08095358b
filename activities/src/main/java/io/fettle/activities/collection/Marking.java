package io.fettle.activities.collection;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.collection.Collector.Roots;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * One look at a store: its shared blobs and scores, and those that can be reached from what lies
 * beside them and from outside.
 */
final class Marking {
  private static final Pattern BLOB = Pattern.compile("objects/sha256/[0-9a-f]{2}/([0-9a-f]{64})");
  private static final Pattern SCORES =
      Pattern.compile(ObjectStore.SCORES + "/([0-9a-f]{64})/[0-9a-f]{64}\\.jsonl");
  private static final Pattern OF_A_RUN = Pattern.compile("runs/[^/]+/objects/.*");

  /** Aliases name models by the beginning of their hash. */
  private static final Pattern SHORTENED = Pattern.compile("[0-9a-f]{12,63}");

  /** A tree's file that is larger refers to nothing; other blobs are read whatever their size. */
  private static final long LARGEST_DOCUMENT_IN_A_TREE = 1 << 20;

  private static final long LARGEST_IN_MEMORY = 8 << 20;

  private final ObjectStore store;
  private final Map<String, StoredObject> blobs = new LinkedHashMap<>();

  /** Parts by the judge's hash. Whole judges are kept, since a run asks for all that one said. */
  private final Map<String, List<StoredObject>> scores = new LinkedHashMap<>();

  private final Set<String> reached = new HashSet<>();
  private final Set<String> scanned = new HashSet<>();
  private final ArrayDeque<String> toScan = new ArrayDeque<>();

  private Marking(ObjectStore store) {
    this.store = store;
  }

  /** The blobs, and the parts of scores, that nothing reaches, by key. */
  static Map<String, StoredObject> unreached(ObjectStore store, Roots outside) throws IOException {
    var marking = new Marking(store);
    marking.listBlobs(); // before the roots: what is put later is in no list
    marking.listScores();
    marking.scanRoots();
    outside.each(text -> Hashes.in(text, marking::reach));
    marking.follow();
    return marking.unreached();
  }

  private Map<String, StoredObject> unreached() {
    var left = new ArrayList<StoredObject>();
    blobs.forEach(
        (hash, blob) -> {
          if (!reached.contains(hash)) {
            left.add(blob);
          }
        });
    scores.forEach(
        (judge, parts) -> {
          if (!reached.contains(judge)) {
            left.addAll(parts);
          }
        });
    var unreached = new LinkedHashMap<String, StoredObject>();
    left.forEach(object -> unreached.put(object.key(), object));
    return unreached;
  }

  /** The files of a tree manifest, path by hash; empty for every other text. */
  static Optional<Map<String, String>> tree(byte[] body) {
    JsonNode files;
    try {
      files = Wire.mapper().readTree(body).path("files");
    } catch (IOException notJson) {
      return Optional.empty();
    }
    if (!files.isArray()) {
      return Optional.empty();
    }
    var paths = new HashMap<String, String>();
    files.forEach(file -> paths.put(file.path("sha256").asText(), file.path("path").asText()));
    return Optional.of(paths);
  }

  private void listBlobs() throws IOException {
    for (var object : store.list(ObjectStore.OBJECTS + "/")) {
      var match = BLOB.matcher(object.key());
      if (match.matches()) {
        blobs.put(match.group(1), object);
      }
    }
  }

  private void listScores() throws IOException {
    for (var object : store.list(ObjectStore.SCORES + "/")) {
      var match = SCORES.matcher(object.key());
      if (match.matches()) {
        scores.computeIfAbsent(match.group(1), _ -> new ArrayList<>()).add(object);
      }
    }
  }

  private void scanRoots() throws IOException {
    for (var object : store.list("")) {
      var key = object.key();
      if (key.startsWith(ObjectStore.OBJECTS + "/")
          || OF_A_RUN.matcher(key).matches()
          || SCORES.matcher(key).matches()) {
        continue;
      }
      var body = store.find(key).orElse(new byte[0]);
      Hashes.in(body, this::reach);
      if (key.startsWith("endpoints/")) {
        reachShortened(body);
      }
    }
  }

  private void reachShortened(byte[] alias) {
    SHORTENED
        .matcher(new String(alias, StandardCharsets.ISO_8859_1))
        .results()
        .map(match -> match.group())
        .forEach(
            start ->
                blobs.keySet().stream()
                    .filter(hash -> hash.startsWith(start))
                    .forEach(this::reach));
  }

  private void reach(String hash) {
    if (scores.containsKey(hash)) {
      reached.add(hash);
    }
    if (blobs.containsKey(hash)) {
      reached.add(hash);
      toScan.add(hash);
    }
  }

  private void follow() throws IOException {
    while (!toScan.isEmpty()) {
      var hash = toScan.poll();
      if (scanned.add(hash)) {
        scan(hash);
      }
    }
  }

  private void scan(String hash) throws IOException {
    var blob = blobs.get(hash);
    if (blob == null) {
      return;
    }
    if (blob.bytes() > LARGEST_IN_MEMORY) {
      scanLarge(hash, blob);
      return;
    }
    var body = store.find(blob.key()).orElse(new byte[0]);
    if (!isText(body)) {
      return;
    }
    var tree = tree(body);
    if (tree.isEmpty()) {
      Hashes.in(body, this::reach);
      return;
    }
    for (var file : tree.get().keySet()) {
      reachFile(file);
    }
  }

  /** A file of a tree: kept, and read only where it may be a document. */
  private void reachFile(String hash) {
    var blob = blobs.get(hash);
    if (blob != null) {
      reached.add(hash);
      if (blob.bytes() <= LARGEST_DOCUMENT_IN_A_TREE) {
        toScan.add(hash);
      }
    }
  }

  private void scanLarge(String hash, StoredObject blob) throws IOException {
    try {
      Stores.borrowed(store, new Reference(store.uri(blob.key()), hash), this::scanned);
    } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject e) {
      return; // it names nothing that could still be found through it
    }
  }

  private boolean scanned(Path file) throws IOException {
    try (var text = new BufferedInputStream(Files.newInputStream(file))) {
      text.mark(1);
      var first = text.read();
      text.reset();
      boolean isDocument = first == '{' || first == '[';
      if (isDocument) {
        Hashes.in(text, this::reach);
      }
      return isDocument;
    }
  }

  private static boolean isText(byte[] body) {
    return body.length > 0 && (body[0] == '{' || body[0] == '[');
  }
}
