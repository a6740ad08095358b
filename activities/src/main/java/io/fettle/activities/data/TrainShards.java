package io.fettle.activities.data;

import io.fettle.workflows.wire.Wire;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;

/**
 * Training rows too many for one file: {@code train/00000.jsonl} and so on, with how many rows each
 * has in {@code train/index.json}. {@code train.jsonl} is the first of them then, for steps that
 * want some rows.
 */
final class TrainShards {
  private TrainShards() {}

  /** What the trainer reads. */
  record Index(List<Shard> shards) {}

  /** One file and its rows. */
  record Shard(String name, long rows) {}

  /**
   * Splits the rows of a dataset where they are more than fit into one shard; a row stays whole.
   *
   * @param bytes of a shard, at least one row
   */
  static void split(Path dataset, long bytes) throws IOException {
    var rows = dataset.resolve("train.jsonl");
    if (Files.size(rows) <= bytes) {
      return;
    }
    var folder = Files.createDirectories(dataset.resolve("train"));
    var shards = new ArrayList<Shard>();
    try (var in = Files.newBufferedReader(rows)) {
      for (var row = in.readLine(); row != null; row = in.readLine()) {
        shards.add(shard(folder, "%05d.jsonl".formatted(shards.size()), row, in, bytes));
      }
    }
    var index = new Index(List.copyOf(shards));
    Files.write(folder.resolve("index.json"), Wire.mapper().writeValueAsBytes(index));
    Files.copy(folder.resolve(shards.getFirst().name()), rows, StandardCopyOption.REPLACE_EXISTING);
  }

  private static Shard shard(Path folder, String name, String first, BufferedReader in, long bytes)
      throws IOException {
    long count = 0;
    long written = 0;
    try (var out = Files.newBufferedWriter(folder.resolve(name))) {
      for (var row = first; row != null; row = written < bytes ? in.readLine() : null) {
        out.write(row);
        out.write('\n');
        count++;
        written += row.getBytes(StandardCharsets.UTF_8).length + 1L;
      }
    }
    return new Shard(name, count);
  }
}
