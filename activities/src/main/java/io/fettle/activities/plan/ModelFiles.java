package io.fettle.activities.plan;

import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import io.fettle.activities.store.ObjectStore;
import io.fettle.activities.store.Stores;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** The files of a model, wherever they lie. Only small ones are read whole. */
interface ModelFiles {
  List<String> names();

  Optional<byte[]> find(String name) throws IOException;

  /** The first bytes of a large file are all that a caller takes. */
  InputStream open(String name) throws IOException;

  static ModelFiles in(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      var names =
          files.filter(Files::isRegularFile).map(f -> f.getFileName().toString()).sorted().toList();
      return new Folder(folder, names);
    }
  }

  static ModelFiles in(ObjectStore store, Reference tree) throws IOException {
    return new Stored(store, Wire.mapper().readValue(store.read(tree), Manifest.class));
  }

  /** A folder on this machine. */
  record Folder(Path folder, List<String> names) implements ModelFiles {
    @Override
    public Optional<byte[]> find(String name) throws IOException {
      return names.contains(name)
          ? Optional.of(Files.readAllBytes(folder.resolve(name)))
          : Optional.empty();
    }

    @Override
    public InputStream open(String name) throws IOException {
      return Files.newInputStream(folder.resolve(name));
    }
  }

  /** A tree manifest: each file is a blob named by its hash. */
  @JsonIgnoreProperties(ignoreUnknown = true)
  record Manifest(List<Entry> files) {
    @JsonIgnoreProperties(ignoreUnknown = true)
    record Entry(String path, long bytes, String sha256) {}
  }

  /** A model in the store. */
  record Stored(ObjectStore store, Manifest manifest) implements ModelFiles {
    @Override
    public List<String> names() {
      return manifest.files().stream().map(Manifest.Entry::path).collect(Collectors.toList());
    }

    @Override
    public Optional<byte[]> find(String name) throws IOException {
      var entry = manifest.files().stream().filter(f -> f.path().equals(name)).findFirst();
      return entry.isEmpty()
          ? Optional.empty()
          : Optional.of(store.read(store.blob(ObjectStore.OBJECTS, entry.get().sha256())));
    }

    @Override
    public InputStream open(String name) throws IOException {
      var entry =
          manifest.files().stream().filter(f -> f.path().equals(name)).findFirst().orElseThrow();
      var blob = store.blob(ObjectStore.OBJECTS, entry.sha256());
      if ("file".equals(blob.uri().getScheme())) return Files.newInputStream(Path.of(blob.uri()));
      return Stores.borrowed(store, blob, Files::newInputStream); // readable while it is open
    }
  }
}
