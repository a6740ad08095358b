package io.fettle.activities.data;

import com.fasterxml.jackson.databind.JsonNode;
import io.fettle.activities.disks.Scratch;
import io.fettle.activities.staging.Staging;
import io.fettle.activities.steps.Beat;
import io.fettle.activities.store.ObjectStore;
import io.fettle.data.prepare.Part;
import io.fettle.data.prepare.Preparation;
import io.fettle.workflows.data.Subsets;
import io.fettle.workflows.data.Subsets.Subset;
import io.fettle.workflows.data.SubsetsJob;
import io.fettle.workflows.spec.Spec;
import io.fettle.workflows.wire.Reference;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Datasets with a part of the training rows, in their order and in as many files, beside the same
 * dev rows. Test rows are in none, so that they never come near a trainer.
 */
final class TrainSubsets {
  private static final String SHARDS = "train/";
  private static final String INDEX = SHARDS + "index.json";
  private static final String ROWS = Part.TRAIN.file();

  /** What fewer rows teach says nothing of what more would; also the advisor's least. */
  private static final int FEWEST = 10;

  private final ObjectStore store;
  private final DataOptions options;

  TrainSubsets(ObjectStore store, DataOptions options) {
    this.store = store;
    this.options = options;
  }

  Subsets of(SubsetsJob job, Beat beat) throws IOException {
    try (Scratch scratch = Scratch.in(options.work(), "subsets")) {
      Path dataset = scratch.folder().resolve("dataset");
      beat.says("fetch", 0);
      Staging.stagePart(
          store, job.dataset(), TrainSubsets::isNeeded, options.cache(), dataset, _ -> {});
      Map<String, String> clusterOfRow = clusters(dataset);
      beat.says("draw", 0);
      List<Set<String>> samples =
          new NestedSample(rowsOfCluster(dataset, clusterOfRow), seed(job)).of(job.percents());
      List<Subset> parts = new ArrayList<>();
      int before = 0;
      for (int i = 0; i < samples.size(); i++) {
        Path target = scratch.folder().resolve("part-" + i);
        int rows = write(dataset, target, clusterOfRow, samples.get(i));
        if (rows < FEWEST) {
          return new Subsets(List.of(), tooFew(job.percents().get(i), rows));
        }
        if (rows > before) { // else no cluster was small enough to be added
          beat.says("upload", rows);
          Reference tree = Staging.uploadTree(store, target, ObjectStore.OBJECTS);
          parts.add(new Subset(job.percents().get(i), tree, rows));
        }
        before = rows;
      }
      return new Subsets(parts, "");
    }
  }

  private static boolean isNeeded(String path) {
    return path.equals(ROWS)
        || path.startsWith(SHARDS)
        || path.equals(Part.DEV.file())
        || path.equals(Preparation.CLUSTERS);
  }

  private static String tooFew(int percent, int rows) {
    return "%d %% of the training rows are %d in whole clusters, and fewer than %d teach nothing"
        .formatted(percent, rows, FEWEST);
  }

  private long seed(SubsetsJob job) throws IOException {
    return Wire.mapper().readValue(store.read(job.spec()), Spec.class).train().seed();
  }

  /** By the row's id; rows that the file does not name are for themselves. */
  private static Map<String, String> clusters(Path dataset) throws IOException {
    Map<String, String> clusterOfRow = new HashMap<>();
    Path file = dataset.resolve(Preparation.CLUSTERS);
    if (!Files.exists(file)) {
      return clusterOfRow;
    }
    eachLine(
        file,
        line -> {
          JsonNode cluster = Wire.mapper().readTree(line);
          if (cluster.path("part").asText().equals(Part.TRAIN.word())) {
            String name = cluster.path("rows").path(0).asText();
            cluster.path("rows").forEach(row -> clusterOfRow.put(row.asText(), name));
          }
        });
    return clusterOfRow;
  }

  private static Map<String, Integer> rowsOfCluster(Path dataset, Map<String, String> clusterOfRow)
      throws IOException {
    Map<String, Integer> rows = new LinkedHashMap<>();
    for (String file : files(dataset)) {
      eachLine(
          dataset.resolve(file),
          line -> {
            String id = id(line);
            rows.merge(clusterOfRow.getOrDefault(id, id), 1, Integer::sum);
          });
    }
    return rows;
  }

  /** Where the training rows are, in order. */
  private static List<String> files(Path dataset) throws IOException {
    Path index = dataset.resolve(INDEX);
    return Files.exists(index)
        ? Wire.mapper().readValue(index.toFile(), TrainShards.Index.class).shards().stream()
            .map(shard -> SHARDS + shard.name())
            .toList()
        : List.of(ROWS);
  }

  private static int write(
      Path dataset, Path target, Map<String, String> clusterOfRow, Set<String> sample)
      throws IOException {
    Files.createDirectories(target);
    List<TrainShards.Shard> shards = new ArrayList<>();
    int rows = 0;
    for (String file : files(dataset)) {
      int kept = filtered(dataset.resolve(file), target.resolve(file), clusterOfRow, sample);
      rows += kept;
      if (kept > 0) {
        shards.add(new TrainShards.Shard(file.substring(file.lastIndexOf('/') + 1), kept));
      } else {
        Files.delete(target.resolve(file));
      }
    }
    if (Files.exists(dataset.resolve(INDEX)) && !shards.isEmpty()) {
      Files.write(
          target.resolve(INDEX), Wire.mapper().writeValueAsBytes(new TrainShards.Index(shards)));
      Files.copy(target.resolve(SHARDS + shards.getFirst().name()), target.resolve(ROWS));
    }
    if (Files.exists(dataset.resolve(Part.DEV.file()))) {
      Files.copy(dataset.resolve(Part.DEV.file()), target.resolve(Part.DEV.file()));
    }
    return rows;
  }

  private static int filtered(
      Path from, Path to, Map<String, String> clusterOfRow, Set<String> sample) throws IOException {
    Files.createDirectories(to.getParent());
    int[] kept = {0};
    try (OutputStream rows = Files.newOutputStream(to)) {
      eachLine(
          from,
          line -> {
            String id = id(line);
            if (sample.contains(clusterOfRow.getOrDefault(id, id))) {
              rows.write((line + "\n").getBytes(StandardCharsets.UTF_8));
              kept[0]++;
            }
          });
    }
    return kept[0];
  }

  private static String id(String row) throws IOException {
    return Wire.mapper().readTree(row).path("id").asText();
  }

  private interface Use {
    void of(String line) throws IOException;
  }

  private static void eachLine(Path file, Use use) throws IOException {
    try (Stream<String> lines = Files.lines(file)) {
      for (String line : (Iterable<String>) lines::iterator) {
        use.of(line);
      }
    }
  }
}
