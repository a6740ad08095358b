package io.fettle.activities.training.shards;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.staging.TreeManifest;
import io.fettle.activities.store.ObjectStore;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Brings a trainer the shards of a dataset that is larger than the disk, those that it wants next
 * first, and takes away what it is done with. What it wants is in {@code wanted.json}, which the
 * trainer replaces as it goes on: any agent process goes on from there.
 */
public final class ShardFeeder {
  /** The trainer wants what the dataset does not have. */
  public static final class NoSuchShard extends IOException {
    private static final long serialVersionUID = 1;

    NoSuchShard(String name) {
      super("the trainer wants %s, which the dataset does not have".formatted(name));
    }
  }

  private final ObjectStore store;
  private final Reference dataset;
  private final Path folder;
  private @Nullable Map<String, TreeManifest.Entry> shards;

  /**
   * @param folder where the trainer looks for its shards
   */
  public ShardFeeder(ObjectStore store, Reference dataset, Path folder) {
    this.store = store;
    this.dataset = dataset;
    this.folder = folder;
  }

  /** Until all that is wanted is there; for one thread. */
  public void feed() throws IOException {
    var wanted = wanted();
    tidy(wanted);
    for (var next = missing(wanted); !next.isEmpty(); next = missing(wanted)) {
      fetch(next.getFirst());
      wanted = wanted();
      tidy(wanted);
    }
  }

  private List<String> missing(List<String> wanted) {
    return wanted.stream().filter(name -> !Files.exists(folder.resolve(name))).toList();
  }

  private List<String> wanted() throws IOException {
    try {
      var names = new ArrayList<String>();
      JsonNode wanted = Wire.mapper().readTree(Files.readAllBytes(folder.resolve("wanted.json")));
      wanted.path("shards").forEach(name -> names.add(name.asText()));
      return names;
    } catch (NoSuchFileException notStreamed) {
      return List.of();
    }
  }

  private void tidy(List<String> wanted) throws IOException {
    if (wanted.isEmpty()) {
      return;
    }
    try (var files = Files.newDirectoryStream(folder, "[!.]*.jsonl")) {
      for (var file : files) {
        if (!wanted.contains(file.getFileName().toString())) {
          Files.deleteIfExists(file);
        }
      }
    }
  }

  private void fetch(String name) throws IOException {
    var entry = shards().get(name);
    if (entry == null) {
      throw new NoSuchShard(name);
    }
    store.download(
        Staging.blob(store, dataset, entry), entry.expected(), folder.resolve(name), _ -> {});
  }

  private Map<String, TreeManifest.Entry> shards() throws IOException {
    var known = shards;
    if (known == null) {
      known =
          Staging.manifest(store, dataset).files().stream()
              .filter(entry -> Shards.isShard(entry.path()))
              .collect(Collectors.toMap(Shards::name, Function.identity()));
      shards = known;
    }
    return known;
  }
}
