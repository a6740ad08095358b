package io.fettle.activities.data;

import io.fettle.data.prepare.Part;
import io.fettle.data.version.DatasetManifest;
import io.fettle.workflows.wire.Wire;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
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
   * Writes the index where the rows lie in several files, and puts the first of them where steps
   * look that want some rows.
   */
  static void index(Path dataset, DatasetManifest.Part train) throws IOException {
    if (train.shards().size() < 2) {
      return;
    }
    var index =
        new Index(
            train.shards().stream().map(shard -> new Shard(name(shard), shard.rows())).toList());
    Files.write(dataset.resolve("train/index.json"), Wire.mapper().writeValueAsBytes(index));
    Files.copy(
        dataset.resolve(train.shards().getFirst().file()), dataset.resolve(Part.TRAIN.file()));
  }

  private static String name(DatasetManifest.Shard shard) {
    return shard.file().substring(shard.file().lastIndexOf('/') + 1);
  }
}
