package io.fettle.activities.lineage.report;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.StoredObject;
import io.fettle.workflows.lineage.RunStory;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * What the store holds of a run. Missing or damaged documents are empty: a report with a gap that
 * it names is better than none. A store that is away fails.
 */
final class Documents {
  private final ObjectStore store;
  private final RunStory story;

  Documents(ObjectStore store, RunStory story) {
    this.store = store;
    this.story = story;
  }

  Optional<Reference> reference(String name) {
    return story.documents().stream()
        .filter(document -> document.name().equals(name))
        .map(RunStory.Document::reference)
        .findFirst();
  }

  Optional<JsonNode> json(String name) throws IOException {
    Optional<Reference> reference = reference(name);
    return reference.isEmpty() ? Optional.empty() : json(reference.get());
  }

  /** A file of a document that is a tree. */
  Optional<byte[]> file(String tree, String path) throws IOException {
    return file(json(tree).orElse(MissingNode.getInstance()), path, ObjectStore.OBJECTS);
  }

  Optional<JsonNode> jsonFile(String tree, String path) throws IOException {
    return parsed(file(tree, path));
  }

  /** The trainer's own manifest of the checkpoint that was chosen; it names its packages. */
  Optional<JsonNode> trainerManifest() throws IOException {
    JsonNode manifest = json("manifest").orElse(MissingNode.getInstance());
    String objects = "runs/" + manifest.path("run").asText() + "/objects";
    return parsed(file(manifest, "manifest.json", objects));
  }

  /** The step record of an artifact, which holds what its verification measured. */
  Optional<JsonNode> artifact(String kind, String name) throws IOException {
    Optional<Reference> wanted = reference(name);
    if (wanted.isEmpty()) {
      return Optional.empty();
    }
    for (StoredObject object : store.list("steps/" + kind + "/")) {
      JsonNode result =
          parsed(store.find(object.key())).orElse(MissingNode.getInstance()).path("result");
      if (result.path("tree").path("sha256").asText().equals(wanted.get().sha256())) {
        return Optional.of(result);
      }
    }
    return Optional.empty();
  }

  Optional<JsonNode> json(String folder, String name) throws IOException {
    return parsed(store.find(folder + name));
  }

  /** The objects of a file with one a line; lines that are none are left out. */
  List<JsonNode> lines(Optional<byte[]> file) throws IOException {
    List<JsonNode> lines = new ArrayList<>();
    String text = new String(file.orElse(new byte[0]), StandardCharsets.UTF_8);
    for (String line : text.lines().toList()) {
      parsed(Optional.of(line.getBytes(StandardCharsets.UTF_8))).ifPresent(lines::add);
    }
    return lines;
  }

  /** What people said of this execution's answers, a sheet each. */
  List<JsonNode> ratings() throws IOException {
    String folder = "runs/%s/executions/%s/ratings/".formatted(story.run(), story.execution());
    List<JsonNode> ratings = new ArrayList<>();
    for (StoredObject object : store.list(folder)) {
      if (object.key().endsWith("/result.json")) {
        parsed(store.find(object.key())).ifPresent(ratings::add);
      }
    }
    return ratings;
  }

  Optional<byte[]> find(String key) throws IOException {
    return store.find(key);
  }

  /** Every readable object under the prefix. */
  List<JsonNode> all(String prefix) throws IOException {
    List<JsonNode> found = new ArrayList<>();
    for (StoredObject object : store.list(prefix)) {
      parsed(store.find(object.key())).ifPresent(found::add);
    }
    return found;
  }

  String key(Reference reference) {
    return store.key(reference.uri());
  }

  private Optional<byte[]> file(JsonNode tree, String path, String objects) throws IOException {
    for (JsonNode file : tree.path("files")) {
      String sha256 = file.path("sha256").asText();
      if (file.path("path").asText().equals(path) && sha256.matches("[0-9a-f]{64}")) {
        return bytes(store.blob(objects, sha256));
      }
    }
    return Optional.empty();
  }

  private Optional<JsonNode> json(Reference reference) throws IOException {
    return parsed(bytes(reference));
  }

  private Optional<byte[]> bytes(Reference reference) throws IOException {
    try {
      return Optional.of(store.read(reference));
    } catch (ObjectStore.MissingObject | ObjectStore.CorruptObject gap) {
      return Optional.empty();
    }
  }

  private static Optional<JsonNode> parsed(Optional<byte[]> body) throws IOException {
    if (body.isEmpty()) {
      return Optional.empty();
    }
    try {
      return Optional.ofNullable(Wire.mapper().readTree(body.get()));
    } catch (JsonProcessingException damaged) {
      return Optional.empty();
    }
  }
}
